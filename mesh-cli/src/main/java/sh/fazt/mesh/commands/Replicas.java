package sh.fazt.mesh.commands;

import java.nio.file.Path;
import sh.fazt.mesh.control.ControlHandler;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Json;

/**
 * What the commands ask of the layers below. Law: what a person should hear of leaves as a {@code
 * MeshException}; nothing is printed.
 */
interface Replicas {
  /** What {@code init} would take in. Changes nothing. */
  TablePlan plan(Path database, TableChoice choice);

  /** Founds a mesh with this database as its first node. */
  Founded found(Founding founding, Notes notes);

  /**
   * Answers for a database that no daemon holds: {@code status}, {@code tables}, {@code track},
   * {@code untrack}, {@code log}, {@code invite}, {@code revoke}, {@code leave}.
   */
  ControlHandler offline(Path database, Persona.Source persona);

  /** Looks at both sides without spending the invite. */
  Preview preview(JoinRequest request);

  /** Copies a database as of now, its write-ahead log included, to a file that does not exist. */
  void copy(Path database, Path target);

  /** Spends the invite and becomes a member; the daemon then fetches what is missing. */
  Joined join(JoinRequest request, Notes notes);

  /** Starts the node. The caller holds the lock and closes it. */
  ServingNode serve(NodeRequest request);

  /** A node that runs in this process. It also answers {@code sync}. */
  interface ServingNode extends ControlHandler, AutoCloseable {
    /** Who and where: {@code id}, {@code name}, {@code address}. */
    Json.Obj identity();

    @Override
    void close();
  }

  /** Refuses everything: a build without the layers below. */
  static Replicas unbound() {
    return new Replicas() {
      private static MeshException refused() {
        return new MeshException(
            ErrorCode.FAILURE, "this build cannot open databases", "scripts/fazt --version");
      }

      @Override
      public TablePlan plan(Path database, TableChoice choice) {
        throw refused();
      }

      @Override
      public Founded found(Founding founding, Notes notes) {
        throw refused();
      }

      @Override
      public ControlHandler offline(Path database, Persona.Source persona) {
        throw refused();
      }

      @Override
      public Preview preview(JoinRequest request) {
        throw refused();
      }

      @Override
      public void copy(Path database, Path target) {
        throw refused();
      }

      @Override
      public Joined join(JoinRequest request, Notes notes) {
        throw refused();
      }

      @Override
      public ServingNode serve(NodeRequest request) {
        throw refused();
      }
    };
  }
}
