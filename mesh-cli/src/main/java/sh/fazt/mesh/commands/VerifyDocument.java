package sh.fazt.mesh.commands;

import java.util.Locale;
import sh.fazt.mesh.node.VerifyReport;
import sh.fazt.mesh.node.VerifyReport.NotCompared;
import sh.fazt.mesh.node.VerifyReport.PeerVerify;
import sh.fazt.mesh.node.VerifyReport.TableDifference;
import sh.fazt.mesh.output.Json;

/** A comparison of whole states, as {@code --format json} has it. */
final class VerifyDocument {
  private VerifyDocument() {}

  static Json.Obj of(VerifyReport report) {
    return Json.object()
        .with("peers", Json.array(report.peers().stream().map(VerifyDocument::peer).toList()));
  }

  private static Json.Obj peer(PeerVerify peer) {
    return Json.object()
        .with("id", peer.id().text())
        .with("name", peer.name())
        .with("state", peer.outcome().name().toLowerCase(Locale.ROOT))
        .with("tables", (long) peer.tables())
        .with("rows", peer.rows())
        .with("fingerprint", peer.fingerprint().isEmpty() ? "" : "sha256:" + peer.fingerprint())
        .with("duration_ms", peer.elapsedMillis())
        .with("bytes", peer.bytes())
        .with("complete", peer.complete())
        .with(
            "differences",
            Json.array(peer.differences().stream().map(VerifyDocument::difference).toList()))
        .with(
            "not_compared", Json.array(peer.apart().stream().map(VerifyDocument::apart).toList()));
  }

  private static Json.Obj difference(TableDifference table) {
    return Json.object()
        .with("table", table.table())
        .with("here", table.here())
        .with("there", table.there())
        .with("unproven", table.unproven())
        .with("explained", table.explained())
        .with("mended", table.mended())
        .with("keys", Json.texts(table.keys()));
  }

  private static Json.Obj apart(NotCompared apart) {
    return Json.object()
        .with("table", apart.table())
        .with("column", apart.column())
        .with("why", apart.why().toLowerCase(Locale.ROOT));
  }
}
