package sh.fazt.mesh;

import java.util.Optional;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.Meta.Fact;

/**
 * Whose state was taken in last, for as long as no other member's was found to be the same. It
 * outlives the process. Confined to the thread of its {@link Mesh}.
 */
public final class Unconfirmed {
  private final MeshParts parts;

  Unconfirmed(MeshParts parts) {
    this.parts = parts;
  }

  /** Who gave it; empty if there is none, or another member has confirmed it. */
  public Optional<VerifyKey> giver() {
    return parts.meta.bytes(Fact.STATE_GIVER).map(VerifyKey::new);
  }

  /** A member's state is about to be taken in. */
  public void note(VerifyKey giver) {
    Bytes key = giver.value();
    parts.write(() -> parts.meta.put(Fact.STATE_GIVER, Value.of(key)));
  }

  /** Another member's state is the same. */
  public void confirm() {
    parts.write(() -> parts.meta.remove(Fact.STATE_GIVER));
  }
}
