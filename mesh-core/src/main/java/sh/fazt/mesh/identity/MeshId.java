package sh.fazt.mesh.identity;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;

/** Names one mesh for good: the hash of the operation that founded it. */
public record MeshId(Hash founding) {
  public static MeshId readFrom(ByteReader in) throws MalformedException {
    return new MeshId(Hash.readFrom(in));
  }

  @Override
  public String toString() {
    return founding.value().slice(0, 6).hex();
  }
}
