package sh.fazt.mesh.commands;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.MeshView;
import sh.fazt.mesh.Restoration;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.node.MeshNode;
import sh.fazt.mesh.node.NodeStatus;
import sh.fazt.mesh.node.PeerStatus;
import sh.fazt.mesh.node.SyncReport;
import sh.fazt.mesh.node.VerifyReport;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.roster.InviteId;

/** Answers from a node that runs in this process. Thread-safe. */
record NodeAnswers(MeshNode node, NodeRequest request, Ambient ambient, Watchers watchers)
    implements Replicas.ServingNode {
  private static final Duration FLUSH = Duration.ofSeconds(10);
  private static final long NOTE_MILLIS = 200;

  @Override
  public Json.Obj identity() {
    NodeStatus status = node.status();
    return Json.object()
        .with("id", status.id().text())
        .with("name", status.name())
        .with("address", node.listening());
  }

  @Override
  public CompletableFuture<Throwable> failure() {
    return node.failure();
  }

  @Override
  public Json.Obj handle(String method, Json.Obj params, Notes notes) {
    return switch (method) {
      case "status" -> StatusDocument.running(node.status(), ambient.now());
      case "sync" -> sync(params, notes);
      case "verify" -> verify(params, notes);
      case "invite" ->
          InviteDocument.of(
              node.invite(
                  request.persona().get(),
                  Duration.ofMillis(params.whole("ttl_ms")),
                  Roles.of(params)),
              params,
              true);
      case "revoke" -> InviteDocument.revoked(revoke(params));
      case "remove" -> params.flag("dry_run") ? view(method, params) : remove(params);
      case "role" -> role(params);
      case "recover" -> recover(params);
      case "track" -> track(params);
      case "watch" -> watchers.watch(notes);
      case "broadcast" ->
          Json.object().with("peers", (long) await(node.broadcast(params.text("payload"))));
      case "export" ->
          BundleDocument.written(
              node.exportBundle(
                  BundleDocument.file(params), BundleDocument.peer(params), params.flag("force")));
      case "import" ->
          BundleDocument.taken(
                  node.importBundle(
                      BundleDocument.file(params),
                      batches -> BundleDocument.progress(notes, batches)),
                  request.database())
              .with("running", true);
      case "beacon" -> BeaconDocument.running(node.beacon().status(), node.peers());
      case "beacon-scan" -> BeaconDocument.running(await(node.beacon().scan()), node.peers());
      case "beacon-name" -> named(params.text("name"));
      case "keep-log" -> await(node.ask(mesh -> ViewAnswers.keptLog(mesh, params)));
      case "restamp" -> Json.object().with("rows", node.restamp());
      case "restore" -> restored(params);
      case "allow" -> new Allowing(work -> await(node.ask(work)), notes).decide(params);
      case "untrack" -> params.flag("dry_run") ? view(method, params) : untrack(params);
      case "leave" -> params.flag("dry_run") ? leavePlan(params) : leave(params);
      default -> view(method, params);
    };
  }

  private Json.Obj verify(Json.Obj params, Notes notes) {
    Duration timeout = Duration.ofMillis(params.whole("timeout_ms"));
    boolean repair = params.flag("repair");
    CompletableFuture<VerifyReport> running =
        params.has("peer")
            ? node.verify(params.text("peer"), repair, timeout)
            : node.verify(repair, timeout);
    return VerifyDocument.of(running(running, () -> notes.progress(Json.object())));
  }

  /** Waits, and gives a sign of life meanwhile. */
  private static <T> T running(CompletableFuture<T> running, Runnable sign) {
    while (true) {
      try {
        return running.get(NOTE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        sign.run();
      } catch (ExecutionException e) {
        throw fault(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting", e);
      }
    }
  }

  private Json.Obj named(String name) {
    node.beacon().name(name);
    return BeaconDocument.running(node.beacon().status(), node.peers());
  }

  private InviteId revoke(Json.Obj params) {
    Optional<InviteId> named = InviteDocument.named(params);
    if (named.isEmpty()) {
      return node.revokeLatest(request.persona().get());
    }
    node.revoke(named.get(), request.persona().get());
    return named.get();
  }

  private Json.Obj remove(Json.Obj params) {
    Json.Obj plan = view("remove", params);
    node.remove(plan.text("id"), request.persona().get());
    return plan.with("removed", true).with("daemon_running", true);
  }

  private Json.Obj role(Json.Obj params) {
    Json.Obj plan = view("remove", params);
    node.changeRole(plan.text("id"), Roles.of(params), request.persona().get());
    return plan.with("role", params.text("role")).with("daemon_running", true);
  }

  private Json.Obj recover(Json.Obj params) {
    node.rotate(RecoveryDocument.operation(params));
    return Json.object().with("daemon_running", true);
  }

  private Json.Obj view(String method, Json.Obj params) {
    try (MeshView view = MeshView.open(request.database())) {
      return ViewAnswers.of(view, method, params);
    }
  }

  private Json.Obj track(Json.Obj params) {
    Set<String> tables = Set.copyOf(params.texts("tables"));
    Json.Obj named =
        await(
            node.ask(
                mesh -> {
                  mesh.track(tables, params.flag("i_know"));
                  HeldDocument.guard(mesh.massDeletes(), tables, params);
                  return ViewAnswers.named(mesh.view(), tables);
                }));
    if (params.has("merge")) {
      node.merge(params.texts("tables").get(0), MergeWords.of(params.object("merge")));
    }
    return named;
  }

  /** On a connection of its own, so that the node finds it as it finds any program's write. */
  private Json.Obj restored(Json.Obj params) {
    return ConflictsDocument.of(
            Restoration.of(request.database(), params.whole("number"), ambient.now()))
        .with("running", true);
  }

  private Json.Obj untrack(Json.Obj params) {
    Set<String> tables = Set.copyOf(params.texts("tables"));
    return await(
        node.ask(
            mesh -> {
              Json.Obj answer = ViewAnswers.untracked(mesh.view(), tables);
              mesh.untrack(tables);
              return answer;
            }));
  }

  private Json.Obj leavePlan(Json.Obj params) {
    Json.Obj plan = view("leave", params);
    boolean reached =
        node.peers().stream()
            .anyMatch(peer -> peer.state() == PeerStatus.State.CONNECTED && peer.ahead() == 0);
    return reached ? plan.with("unsent", 0L).with("unsent_tables", Json.array(List.of())) : plan;
  }

  private Json.Obj leave(Json.Obj params) {
    List<Json.Obj> tables = leavePlan(params).objects("unsent_tables");
    MeshNode.LeaveReport report = await(node.leave(FLUSH));
    return Json.object()
        .with("left", true)
        .with("announced_to", (long) report.announcedTo())
        .with("unsent", report.unsent())
        .with("unsent_tables", Json.array(report.unsent() > 0 ? tables : List.of()));
  }

  private Json.Obj sync(Json.Obj params, Notes notes) {
    Duration timeout = Duration.ofMillis(params.whole("timeout_ms"));
    int wait = (int) params.whole("wait");
    NodeStatus before = node.status();
    requireThatMany(wait, params.has("peer") ? 1 : before.peers().size());
    CompletableFuture<SyncReport> running =
        params.has("peer")
            ? node.sync(params.text("peer"), timeout, wait)
            : node.sync(timeout, wait);
    long total = params.whole("rows_expected");
    SyncReport report = watched(running, notes, before, total);
    NodeStatus after = node.status();
    return Json.object()
        .with("rows_received", report.rowsReceived())
        .with("rows_sent", report.rowsSent())
        .with(
            "since_start",
            Json.object()
                .with("rows_received", after.rowsReceived())
                .with("rows_sent", after.rowsSent()))
        .with("reached", (long) report.holders())
        .with("duration_ms", report.elapsedMillis())
        .with("warnings", Json.array(Warnings.of(after)))
        .with("peers", Json.array(report.peers().stream().map(NodeAnswers::peer).toList()));
  }

  /** Nobody is kept waiting for what cannot come. */
  private static void requireThatMany(int wait, int others) {
    if (wait <= others) {
      return;
    }
    String there =
        switch (others) {
          case 0 -> "there is no other node";
          case 1 -> "there is only 1 other node";
          default -> "there are only " + others + " other nodes";
        };
    throw new MeshException(
        ErrorCode.USAGE,
        there + " to wait for, not " + wait,
        others == 0 ? "fazt mesh invite" : "fazt mesh sync --wait " + others);
  }

  /** Waits, and says meanwhile how many rows have come. */
  private SyncReport watched(
      CompletableFuture<SyncReport> running, Notes notes, NodeStatus before, long total) {
    while (true) {
      try {
        return running.get(NOTE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        NodeStatus now = node.status();
        long base = total > 0 ? 0 : before.rowsReceived();
        notes.progress(
            Json.object()
                .with("label", "receiving")
                .with("done", now.rowsReceived() - base)
                .with("total", total));
      } catch (ExecutionException e) {
        throw fault(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while syncing", e);
      }
    }
  }

  private static Json.Obj peer(SyncReport.PeerSync peer) {
    String state =
        peer.state() == SyncReport.State.UNFINISHED
            ? "timeout"
            : peer.state().name().toLowerCase(Locale.ROOT);
    return Json.object()
        .with("id", peer.id().text())
        .with("name", peer.name())
        .with("state", state)
        .with("sent", peer.sent())
        .with("received", peer.received())
        .with("queued", peer.queued())
        .with("duration_ms", peer.elapsedMillis());
  }

  private static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      throw fault(e);
    }
  }

  private static RuntimeException fault(Exception failed) {
    Throwable cause = failed;
    while (cause != null && !(cause instanceof MeshException)) {
      cause = cause.getCause();
    }
    return cause instanceof MeshException fault ? fault : new IllegalStateException(failed);
  }

  @Override
  public void close() {
    node.close();
  }
}
