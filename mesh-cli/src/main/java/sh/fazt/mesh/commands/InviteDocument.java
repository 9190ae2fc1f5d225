package sh.fazt.mesh.commands;

import java.util.Optional;
import sh.fazt.mesh.node.InviteCode;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.roster.InviteId;

/** Invitations as {@code fazt mesh invite --format json} has them. */
final class InviteDocument {
  private InviteDocument() {}

  /**
   * @param params may say in {@code url} where this machine is reached
   */
  static Json.Obj of(InviteCode code, Json.Obj params, boolean daemonRunning) {
    String url = params.has("url") ? params.text("url") : code.urls().get(0);
    return Json.object()
        .with(
            "invite",
            Json.object()
                .with("id", code.id().toString())
                .with("token", code.token().text())
                .with("url", url)
                .with("urls", Json.texts(code.urls()))
                .with("expires_at", code.expiresMillis()))
        .with("daemon_running", daemonRunning);
  }

  /** The invitation that is to be revoked, if a person named one. */
  static Optional<InviteId> named(Json.Obj params) {
    return params.has("id") ? Optional.of(InviteId.parse(params.text("id"))) : Optional.empty();
  }

  static Json.Obj revoked(InviteId invite) {
    return Json.object().with("revoked", invite.toString());
  }
}
