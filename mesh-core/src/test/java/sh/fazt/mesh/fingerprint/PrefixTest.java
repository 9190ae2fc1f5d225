package sh.fazt.mesh.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;

final class PrefixTest {
  @Test
  void aPrefixOfMoreDigitsThanAnIdHasIsMalformed() throws Exception {
    Bytes whole = new ByteWriter().u8(Prefix.DIGITS_MAX).u64(0).toBytes();
    assertThat(Prefix.readFrom(new ByteReader(whole)).digits()).isEqualTo(Prefix.DIGITS_MAX);

    Bytes beyond = new ByteWriter().u8(Prefix.DIGITS_MAX + 1).u64(0).toBytes();
    assertThatThrownBy(() -> Prefix.readFrom(new ByteReader(beyond)))
        .isInstanceOf(MalformedException.class);
  }
}
