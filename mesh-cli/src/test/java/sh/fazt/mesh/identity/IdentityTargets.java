package sh.fazt.mesh.identity;

import java.util.List;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fuzz.Target;

/** Keys, and personas as text. */
public final class IdentityTargets {
  private IdentityTargets() {}

  public static List<Target> all() {
    return List.of(
        Target.of("verify-key", new Keys()),
        Target.oneWay("persona-text", IdentityTargets::readPersona));
  }

  private static void readPersona(Bytes input) throws MalformedException {
    PersonaText text = PersonaText.read(input.asUtf8());
    if (!text.isSealed()) {
      text.plain();
    }
  }

  private static final class Keys implements Target.Door<VerifyKey> {
    @Override
    public VerifyKey decode(Bytes input) throws MalformedException {
      ByteReader in = new ByteReader(input);
      VerifyKey key = VerifyKey.readFrom(in);
      in.end();
      return key;
    }

    @Override
    public Bytes encode(VerifyKey key) {
      return key.value();
    }
  }
}
