package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.BundleExport;
import sh.fazt.mesh.BundleImport;
import sh.fazt.mesh.MeshView;
import sh.fazt.mesh.ReplicaRecipient;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Roster;

/** Bundles as documents: what is asked of them, and what became of them. */
final class BundleDocument {
  private BundleDocument() {}

  static Path file(Json.Obj params) {
    return Path.of(params.text("file"));
  }

  static Optional<String> peer(Json.Obj params) {
    return params.has("peer") ? Optional.of(params.text("peer")) : Optional.empty();
  }

  /** Makes a bundle of a replica that no daemon works on. */
  static Json.Obj export(Path database, Ambient ambient, Json.Obj params) {
    BundleExport export = BundleExport.of(database, file(params));
    Optional<String> peer = peer(params);
    export = peer.isPresent() ? export.forPeer(peer.get()) : export;
    export = params.flag("force") ? export.replacing() : export;
    try (ReplicaRecipient replica = ReplicaRecipient.open(database, ambient)) {
      return written(export.write(replica.summary()));
    }
  }

  /** Takes a bundle in, of a replica that no daemon works on. */
  static Json.Obj taken(Path database, Ambient ambient, Json.Obj params, Notes notes) {
    try (ReplicaRecipient replica = ReplicaRecipient.open(database, ambient)) {
      BundleImport.Taken taken =
          BundleImport.take(file(params), replica, batches -> progress(notes, batches));
      replica.settle();
      return taken(taken, database).with("running", false);
    }
  }

  static void progress(Notes notes, long batches) {
    notes.progress(Json.object().with("label", "taking in").with("batches", batches));
  }

  static Json.Obj written(BundleExport.Written written) {
    return Json.object()
        .with("batches", written.batches())
        .with("left_out", written.leftOut())
        .with("operations", written.operations())
        .with("bytes", written.bytes());
  }

  static Json.Obj taken(BundleImport.Taken taken, Path database) {
    try (MeshView view = MeshView.open(database)) {
      Roster roster = view.roster();
      VerifyKey maker = taken.header().maker().node();
      List<Json.Obj> missing = new ArrayList<>();
      for (DotRange range : taken.missing()) {
        missing.add(
            Json.object()
                .with("node", name(roster, range.site().node()))
                .with("node_id", NodeId.of(range.site().node()).text())
                .with("from", range.from())
                .with("to", range.to()));
      }
      return Json.object()
          .with("maker", name(roster, maker))
          .with("maker_id", NodeId.of(maker).text())
          .with("delivered", taken.delivered())
          .with("known", taken.known())
          .with("members_changed", taken.rosterGrew())
          .with("unknown_authors", taken.unknown())
          .with("forked", taken.forked())
          .with("missing", Json.array(missing));
    }
  }

  private static String name(Roster roster, VerifyKey node) {
    return roster.member(node).map(Member::name).orElseGet(() -> NodeId.of(node).text());
  }
}
