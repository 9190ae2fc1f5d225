package sh.fazt.mesh.commands;

import java.util.Optional;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Glyph;

/**
 * Finds a name that no node of the mesh has yet.
 *
 * @param chosen what a person wants, which is never changed
 */
record JoinNaming(Session session, Optional<String> chosen) {
  private static final int TRIES_MAX = 20;

  /** What was asked for in the end, and both sides compared. */
  record Seen(JoinRequest request, Preview preview) {}

  /**
   * Looks at both sides, under the name asked for or, where nobody chose it, the next that is free.
   *
   * @throws MeshException NAME_TAKEN
   */
  Seen look(JoinRequest wanted) {
    String name = wanted.nodeName();
    for (int number = 2; ; number++) {
      JoinRequest request = wanted.named(name);
      try (SlowNote note = SlowNote.of(session, "comparing with " + wanted.inviter())) {
        Preview preview = session.wiring().replicas().preview(request);
        if (!name.equals(wanted.nodeName())) {
          tell(wanted.nodeName(), name);
        }
        return new Seen(request, preview);
      } catch (MeshException e) {
        if (e.code() != ErrorCode.NAME_TAKEN || chosen.isPresent() || number > TRIES_MAX) {
          throw e;
        }
        name = wanted.nodeName() + "-" + number;
      }
    }
  }

  private void tell(String wanted, String name) {
    session
        .screen()
        .hint(
            Glyph.INFO,
            "This node is called "
                + name
                + ", since another is called "
                + wanted
                + "; choose with --name");
  }
}
