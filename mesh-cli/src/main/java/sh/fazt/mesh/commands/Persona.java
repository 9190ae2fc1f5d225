package sh.fazt.mesh.commands;

import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;

/**
 * A person who owns nodes and admits others.
 *
 * @param name as others see it: 1 to {@value Names#BYTES_MAX} bytes without line breaks
 */
record Persona(String name, SigningKey key) {

  Persona {
    if (!Names.isName(name)) {
      throw new IllegalArgumentException("not a name: " + name);
    }
  }

  static Persona generate(String name, Chance chance) {
    return new Persona(name, SigningKey.generate(chance));
  }

  /** The public key in hexadecimal. */
  String publicKey() {
    Bytes key = key().verifyKey().value();
    return key.hex();
  }

  /** Where a persona is looked up when something has to be signed. */
  @FunctionalInterface
  interface Source {
    /** The persona; may throw a {@code MeshException} that tells why there is none. */
    Persona persona();
  }
}
