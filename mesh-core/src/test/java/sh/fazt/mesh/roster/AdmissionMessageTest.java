package sh.fazt.mesh.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fault.ErrorCode;

final class AdmissionMessageTest {
  static Stream<AdmissionMessage> messages() {
    Cast cast = new Cast(9);
    return Stream.of(
        new AdmissionMessage.Hello(
            cast.token(cast.jay).invite(), cast.chance.bytes(32), cast.jay.applicant()),
        new AdmissionMessage.OtherProtocol(2, Bytes.utf8("later")),
        new AdmissionMessage.Challenge(cast.mesh, cast.chance.bytes(32), 1_750_000_000_000L),
        new AdmissionMessage.Proof(Purpose.PREVIEW, cast.chance.bytes(64)),
        new AdmissionMessage.Operations(List.of(cast.found.encoded(), Bytes.utf8("x"))),
        new AdmissionMessage.Accepted(),
        new AdmissionMessage.Refused(ErrorCode.TOKEN_EXPIRED, "too late", 1_750_000_000_000L),
        new PreviewMessage.PreviewTable("app_kv", 3),
        new PreviewMessage.PreviewRows(cast.chance.bytes(64)),
        new PreviewMessage.PreviewEnd(),
        new PreviewMessage.TableText(
            "t", "CREATE TABLE t (a)", List.of("CREATE INDEX i ON t (a)"), List.of("b")));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aMessageReadsBackAsItWasWritten(AdmissionMessage message) throws Exception {
    Bytes frame = message.toFrame();
    assertThat(frame.at(0))
        .isEqualTo(message.type())
        .isBetween(AdmissionMessage.TYPE_MIN, AdmissionMessage.TYPE_MAX);
    assertThat(AdmissionMessage.decode(frame)).isEqualTo(message);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aMessageCutShortIsNotTakenForWhole(AdmissionMessage message) {
    Bytes frame = message.toFrame();
    for (int size = 0; size < frame.size(); size++) {
      Bytes part = frame.slice(0, size);
      try {
        assertThat(AdmissionMessage.decode(part)).isNotEqualTo(message);
      } catch (MalformedException expected) {
        assertThat(expected.getMessage()).isNotBlank();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void noTypeBeforeTheFirstOrBehindTheLastIsRead(AdmissionMessage message) {
    byte[] frame = message.toFrame().toArray();
    for (int type = 0; type < 256; type++) {
      if (type < AdmissionMessage.TYPE_MIN || type > AdmissionMessage.TYPE_MAX) {
        frame[0] = (byte) type;
        Bytes other = Bytes.copyOf(frame);
        assertThatThrownBy(() -> AdmissionMessage.decode(other))
            .as("type %d", type)
            .isInstanceOf(MalformedException.class);
      }
    }
  }

  @Test
  void everyKindOfMessageIsTested() {
    Stream<Class<?>> kinds =
        Stream.concat(
            Arrays.stream(AdmissionMessage.class.getPermittedSubclasses())
                .filter(kind -> kind != PreviewMessage.class),
            Arrays.stream(PreviewMessage.class.getPermittedSubclasses()));
    assertThat(messages().map(Object::getClass)).containsAll(kinds.toList());
  }

  @Test
  void unknownTypesAndCodesAreRefused() {
    for (String hex :
        List.of("3f", "4a", "5f", "42" + "03" + "00".repeat(64), "4506017800", "4401")) {
      assertThatThrownBy(() -> AdmissionMessage.decode(Bytes.fromHex(hex)))
          .isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void whatAPersonWillSeeHoldsNothingThatSteersATerminal() {
    Bytes frame = new ByteWriter().u8(0x45).u8(1).text("a\u001b[31mb").u64(0).toBytes();
    assertThatThrownBy(() -> AdmissionMessage.decode(frame))
        .hasMessage("refusal holds characters that do not show");
  }

  @Test
  void rowsOfAPreviewAreLimitedAndWhole() {
    int most = PreviewMessage.PreviewRows.ROWS_MAX * 32;
    assertThat(new PreviewMessage.PreviewRows(Bytes.wrap(new byte[most])).toFrame().size())
        .isLessThanOrEqualTo(RosterLimits.CHUNK_BYTES_MAX);
    for (int size : new int[] {31, 33, most + 32}) {
      Bytes frame = Bytes.concat(Bytes.fromHex("47"), Bytes.wrap(new byte[size]));
      assertThatThrownBy(() -> AdmissionMessage.decode(frame))
          .isInstanceOf(MalformedException.class);
    }
    PreviewMessage.PreviewRows rows =
        new PreviewMessage.PreviewRows(Bytes.fromHex("aa".repeat(16) + "bb".repeat(16)));
    assertThat(rows.count()).isEqualTo(1);
    assertThat(rows.key(0)).isEqualTo(Bytes.fromHex("aa".repeat(16)));
    assertThat(rows.digest(0)).isEqualTo(Bytes.fromHex("bb".repeat(16)));
  }

  @Test
  void aTableOfNegativeSizeIsRefused() {
    Bytes frame = new ByteWriter().u8(0x46).text("t").varint(-1).toBytes();
    assertThatThrownBy(() -> AdmissionMessage.decode(frame)).isInstanceOf(MalformedException.class);
  }
}
