package sh.fazt.mesh.lan;

import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.roster.SignedOp;

/*
 The mesh's id is told to anyone who dials a node and asks. The operation of which it is the hash is
 shown only to who was admitted, or holds a valid token, so the key is made of that.
*/
/**
 * Seals what is said on a local network, so that only members of the mesh can read it, and only
 * they can make us check a signature. Packet: {@code FZTL1}, nonce 12, AES-256-GCM (NIST SP
 * 800-38D) of the content, with the five bytes before as associated data. Immutable.
 */
final class BeaconSeal {
  static final Bytes HEADER = Bytes.utf8("FZTL1");

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final int OVERHEAD_BYTES = HEADER.size() + NONCE_BYTES + TAG_BYTES;

  private final SecretKeySpec key;

  private BeaconSeal(Bytes key) {
    this.key = new SecretKeySpec(key.unsafeArray(), "AES");
  }

  /** The seal of a mesh, which follows from the operation that founded it. */
  static BeaconSeal of(Roster roster) {
    MeshId mesh = roster.mesh();
    SignedOp founding =
        roster.operations().stream()
            .filter(operation -> operation.hash().equals(mesh.founding()))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("a roster that nobody founded"));
    return ofFounding(founding.encoded());
  }

  /**
   * @param founding the encoded operation that founded the mesh
   */
  static BeaconSeal ofFounding(Bytes founding) {
    return new BeaconSeal(Hash.of(Bytes.utf8("fazt mesh:beacon seal"), founding).value());
  }

  /** Whether {@code packet} may be a sealed beacon of this version; costs nothing. */
  static boolean isPacket(Bytes packet) {
    return packet.size() > OVERHEAD_BYTES
        && packet.slice(0, HEADER.size()).equals(HEADER)
        && packet.size() <= BeaconLimits.PACKET_BYTES_MAX;
  }

  Bytes seal(Bytes content, Chance chance) {
    Bytes nonce = chance.bytes(NONCE_BYTES);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(content.unsafeArray());
      return Bytes.concat(HEADER, nonce, Bytes.wrap(sealed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  /**
   * What was sealed; empty if another mesh, or no mesh, did.
   *
   * @param packet one that {@link #isPacket}
   */
  Optional<Bytes> open(Bytes packet) {
    int sealedAt = HEADER.size() + NONCE_BYTES;
    try {
      byte[] opened =
          cipher(Cipher.DECRYPT_MODE, packet.slice(HEADER.size(), sealedAt))
              .doFinal(packet.unsafeArray(), sealedAt, packet.size() - sealedAt);
      return Optional.of(Bytes.wrap(opened));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  private Cipher cipher(int mode, Bytes nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce.unsafeArray()));
    cipher.updateAAD(HEADER.unsafeArray());
    return cipher;
  }
}
