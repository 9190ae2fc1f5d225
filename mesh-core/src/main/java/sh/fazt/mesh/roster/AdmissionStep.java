package sh.fazt.mesh.roster;

/**
 * What the server side of an admission wants done; to be done in order, the next only if the last
 * succeeded.
 */
public sealed interface AdmissionStep {
  /** Send the message to the joiner. */
  record Reply(AdmissionMessage message) implements AdmissionStep {}

  /** Put the operation into the roster, durably, and tell the other members. */
  record Admit(SignedOp add) implements AdmissionStep {}

  /** Send the preview. */
  record Show() implements AdmissionStep {}

  /** Close the link once all is sent. */
  record Close() implements AdmissionStep {}
}
