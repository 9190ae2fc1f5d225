package sh.fazt.mesh.roster;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * A node and its owner, as they ask to be admitted. If it exists, the persona certified the node
 * key.
 *
 * @param certificate the persona's signature over the node key, context {@value #CONTEXT}
 */
public record Applicant(
    VerifyKey node, String nodeName, VerifyKey persona, String personaName, Bytes certificate) {
  static final String CONTEXT = "node";

  /**
   * @throws IllegalArgumentException if a name is not fit to print or the certificate is not the
   *     persona's
   */
  public Applicant {
    Printable.require("node name", nodeName, RosterLimits.NAME_BYTES_MAX);
    Printable.require("persona name", personaName, RosterLimits.NAME_BYTES_MAX);
    if (!persona.verifies(CONTEXT, node.value(), certificate)) {
      throw new IllegalArgumentException("persona " + persona + " did not certify node " + node);
    }
  }

  /** The node {@code node}, certified by {@code persona}. */
  public static Applicant certified(
      VerifyKey node, String nodeName, SigningKey persona, String personaName) {
    Bytes certificate = persona.sign(CONTEXT, node.value());
    return new Applicant(node, nodeName, persona.verifyKey(), personaName, certificate);
  }

  /** Node key, node name, persona key, persona name, certificate. */
  void writeTo(ByteWriter out) {
    out.raw(node.value()).text(nodeName).raw(persona.value()).text(personaName).raw(certificate);
  }

  static Applicant readFrom(ByteReader in) throws MalformedException {
    VerifyKey node = VerifyKey.readFrom(in);
    String nodeName = in.text(RosterLimits.NAME_BYTES_MAX);
    VerifyKey persona = VerifyKey.readFrom(in);
    String personaName = in.text(RosterLimits.NAME_BYTES_MAX);
    Bytes certificate = in.fixed(SigningKey.SIGNATURE_SIZE);
    try {
      return new Applicant(node, nodeName, persona, personaName, certificate);
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()), e);
    }
  }
}
