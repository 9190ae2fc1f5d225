package sh.fazt.mesh.roster;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Replaces the key of the persona that founded the mesh, as when it was stolen or lost. Signed by
 * the recovery key whose hash the founding, or the replacement before, has committed to. What the
 * key did without the signer's knowing has no effect. If it exists, the new persona agreed.
 *
 * @param persona the key that is replaced
 * @param next the key that takes its place
 * @param proof the new key's signature over the old one and {@code recovery}, context {@value
 *     #CONTEXT}
 * @param recovery the hash of the next recovery key, or {@link Hash#ZERO}: there will be none
 * @param kept the persona's nodes that go on under the new key; its others are removed for good
 */
public record Rotate(
    VerifyKey persona, VerifyKey next, Bytes proof, Hash recovery, SortedSet<VerifyKey> kept)
    implements Operation {
  static final int KIND = 7;
  static final String CONTEXT = "rotate";

  /**
   * @throws IllegalArgumentException if the two keys are one, the proof is not the new one's, or
   *     more than {@value RosterLimits#KEPT_MAX} nodes are kept
   */
  public Rotate {
    kept = Collections.unmodifiableSortedSet(new TreeSet<>(kept));
    if (persona.equals(next)) {
      throw new IllegalArgumentException("a key that replaces itself: " + persona);
    }
    if (kept.size() > RosterLimits.KEPT_MAX) {
      throw new IllegalArgumentException(kept.size() + " nodes kept");
    }
    if (!next.verifies(CONTEXT, agreed(persona, recovery), proof)) {
      throw new IllegalArgumentException("persona " + next + " did not agree");
    }
  }

  /** That {@code next} takes the place of {@code persona}. */
  public static Rotate to(
      VerifyKey persona, SigningKey next, Hash recovery, Collection<VerifyKey> kept) {
    Bytes proof = next.sign(CONTEXT, agreed(persona, recovery));
    return new Rotate(persona, next.verifyKey(), proof, recovery, new TreeSet<>(kept));
  }

  private static Bytes agreed(VerifyKey persona, Hash recovery) {
    return Bytes.concat(persona.value(), recovery.value());
  }

  /** Whether that node goes on under the new key. */
  boolean keeps(VerifyKey node) {
    return kept.contains(node);
  }

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public void writeTo(ByteWriter out) {
    out.raw(persona.value()).raw(next.value()).raw(proof).raw(recovery.value());
    out.varint(kept.size());
    kept.forEach(node -> out.raw(node.value()));
  }

  static Rotate readFrom(ByteReader in) throws MalformedException {
    VerifyKey persona = VerifyKey.readFrom(in);
    VerifyKey next = VerifyKey.readFrom(in);
    Bytes proof = in.fixed(SigningKey.SIGNATURE_SIZE);
    Hash recovery = Hash.readFrom(in);
    int count = in.count("kept nodes", RosterLimits.KEPT_MAX);
    SortedSet<VerifyKey> kept = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      VerifyKey node = VerifyKey.readFrom(in);
      if (!kept.isEmpty() && kept.last().compareTo(node) >= 0) {
        throw new MalformedException("kept nodes out of order: " + node);
      }
      kept.add(node);
    }
    return new Rotate(persona, next, proof, recovery, kept);
  }
}
