package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import sh.fazt.mesh.Finding;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.TablePlan;
import sh.fazt.mesh.control.ControlHandler;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.identity.RecoveryPhrase;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.schema.ReplicationPlan;

/**
 * What the commands ask of the layers below. Law: what a person should hear of leaves as a {@code
 * MeshException}; nothing is printed.
 */
interface Replicas {
  /** What {@code init} would take in. Changes nothing. */
  TablePlan plan(Path database, ReplicationPlan.Choice choice);

  /** How a database keeps its journal: {@code wal}, or a mode that lets people wait. */
  String journalMode(Path database);

  /** Looks over what is on disk of a replica, whatever state it is in. Changes nothing. */
  List<Finding> examine(Path database);

  /** Founds a mesh with this database as its first node. */
  Founded found(Founding founding, Notes notes);

  /**
   * Answers for a database that no daemon holds: {@code status}, {@code tables}, {@code track},
   * {@code untrack}, {@code allow}, {@code export}, {@code import}, {@code log}, {@code invite},
   * {@code revoke}, {@code remove}, {@code role}, {@code recover}, {@code leave}.
   *
   * @param persona where the owner's key is, for signing invites
   */
  ControlHandler offline(Path database, Supplier<Persona> persona);

  /**
   * What a replacement of a persona's key would do: {@code name}, {@code public_key} of the old
   * one, {@code kept} and {@code removed} nodes. Changes nothing.
   */
  Json.Obj recovery(RecoverRequest request);

  /**
   * Signs it; the words stay in this process.
   *
   * @return the operation in hexadecimal, for {@code recover}
   */
  String rotation(RecoverRequest request, Persona next, Optional<RecoveryPhrase> nextWords);

  /** Looks at both sides without spending the invite. */
  Preview preview(JoinRequest request);

  /** Copies a database as of now, its write-ahead log included, to a file that does not exist. */
  void copy(Path database, Path target);

  /** Spends the invite and becomes a member; the daemon then fetches what is missing. */
  Joined join(JoinRequest request, Preview preview);

  /** Starts the node, which holds the database's lock until it is closed. */
  ServingNode serve(NodeRequest request);

  /**
   * A node that runs in this process. It also answers {@code sync}, {@code watch}, {@code
   * broadcast}.
   */
  interface ServingNode extends ControlHandler, AutoCloseable {
    /** Who and where: {@code id}, {@code name}, {@code address}. */
    Json.Obj identity();

    /** Completes if the node can no longer go on, with the reason. */
    CompletableFuture<Throwable> failure();

    @Override
    void close();
  }
}
