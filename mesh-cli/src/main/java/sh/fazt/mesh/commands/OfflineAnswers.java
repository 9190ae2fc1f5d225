package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.Membership;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.MeshSetup;
import sh.fazt.mesh.MeshView;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.Restoration;
import sh.fazt.mesh.control.ControlHandler;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.netty.ListenAddress;
import sh.fazt.mesh.node.InviteCode;
import sh.fazt.mesh.node.Invites;
import sh.fazt.mesh.node.NodeConfig;
import sh.fazt.mesh.node.Whereabouts;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.roster.InviteId;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.OtherMembers;
import sh.fazt.mesh.schema.ReplicationPlan;

/** Answers from a database that no daemon works on. */
record OfflineAnswers(Path database, Supplier<Persona> persona, Ambient ambient)
    implements ControlHandler {
  @Override
  public Json.Obj handle(String method, Json.Obj params, Notes notes) {
    return switch (method) {
      case "tables" -> tables(params);
      case "invite" -> invite(params);
      case "revoke" -> revoke(params);
      case "remove" -> params.flag("dry_run") ? view(method, params) : remove(params);
      case "role" -> role(params);
      case "recover" -> recover(params);
      case "track" -> track(params);
      case "restore" -> restored(params);
      case "allow" -> allow(params, notes);
      case "export" -> BundleDocument.export(database, ambient, params);
      case "import" -> BundleDocument.taken(database, ambient, params, notes);
      case "beacon-name" -> beaconName(params.text("name"));
      case "keep-log" -> keepLog(params);
      case "untrack" -> params.flag("dry_run") ? view(method, params) : untrack(params);
      case "leave" -> params.flag("dry_run") ? leavePlan(params) : leave(params);
      default -> view(method, params);
    };
  }

  /** The tables; of a database in no mesh, what would happen to them. */
  private Json.Obj tables(Json.Obj params) {
    try {
      return view("tables", params);
    } catch (MeshException e) {
      if (e.code() != ErrorCode.NOT_INITIALIZED) {
        throw e;
      }
      return TablesDocument.of(MeshSetup.plan(database, new ReplicationPlan.Choice.Usual()))
          .with("dry_run", true);
    }
  }

  private Json.Obj view(String method, Json.Obj params) {
    try (MeshView view = MeshView.open(database)) {
      return method.equals("status")
          ? StatusDocument.stopped(view, ambient.now())
          : ViewAnswers.of(view, method, params);
    }
  }

  private Json.Obj invite(Json.Obj params) {
    Persona owner = persona.get();
    try (Mesh mesh = Mesh.open(database, ambient)) {
      String listen = mesh.view().listen().orElse(NodeConfig.LISTEN_DEFAULT);
      ListenAddress address = ListenAddress.parse(listen);
      if (address.port() == 0 && !params.has("url")) {
        throw new MeshException(
            ErrorCode.DAEMON_NOT_RUNNING,
            "its daemon chooses the port when it starts (listen "
                + listen
                + "), and it is not running, so there is no address to invite to",
            "fazt mesh daemon --detach");
      }
      List<String> addresses = Whereabouts.of(address);
      InviteCode code =
          Invites.make(mesh, owner.key(), params.whole("ttl_ms"), Roles.of(params), addresses);
      return InviteDocument.of(code, params, false);
    }
  }

  private Json.Obj revoke(Json.Obj params) {
    Persona owner = persona.get();
    Optional<InviteId> named = InviteDocument.named(params);
    try (Mesh mesh = Mesh.open(database, ambient)) {
      return InviteDocument.revoked(
          named.isPresent()
              ? Invites.revoke(mesh, named.get(), owner.key())
              : Invites.revokeLatest(mesh, owner.key()));
    }
  }

  private Json.Obj remove(Json.Obj params) {
    Json.Obj plan = view("remove", params);
    Persona owner = persona.get();
    try (Mesh mesh = Mesh.open(database, ambient)) {
      Membership membership = mesh.membership();
      Member member =
          OtherMembers.named(membership.roster(), mesh.view().node(), params.text("peer"));
      membership.remove(member.node(), owner.key());
      return plan.with("removed", true).with("daemon_running", false);
    }
  }

  private Json.Obj role(Json.Obj params) {
    Json.Obj plan = view("remove", params);
    Persona owner = persona.get();
    try (Mesh mesh = Mesh.open(database, ambient)) {
      Membership membership = mesh.membership();
      Member member =
          OtherMembers.named(membership.roster(), mesh.view().node(), params.text("peer"));
      membership.changeRole(member.node(), Roles.of(params), owner.key());
      return plan.with("role", params.text("role")).with("daemon_running", false);
    }
  }

  private Json.Obj recover(Json.Obj params) {
    try (Mesh mesh = Mesh.open(database, ambient)) {
      mesh.membership().rotate(RecoveryDocument.operation(params));
      return Json.object().with("daemon_running", false);
    }
  }

  private Json.Obj track(Json.Obj params) {
    Set<String> tables = Set.copyOf(params.texts("tables"));
    try (Mesh mesh = Mesh.open(database, ambient)) {
      mesh.track(tables, params.flag("i_know"));
      if (params.has("merge")) {
        mesh.merge(params.texts("tables").get(0), MergeWords.of(params.object("merge")));
      }
      HeldDocument.guard(mesh.massDeletes(), tables, params);
      while (mesh.hasMore()) {
        mesh.harvest();
      }
      return ViewAnswers.named(mesh.view(), tables);
    }
  }

  private Json.Obj restored(Json.Obj params) {
    return ConflictsDocument.of(Restoration.of(database, params.whole("number"), ambient.now()))
        .with("running", false);
  }

  private Json.Obj allow(Json.Obj params, Notes notes) {
    try (Mesh mesh = Mesh.open(database, ambient)) {
      Json.Obj answer = new Allowing(work -> work.apply(mesh), notes).decide(params);
      do {
        mesh.harvest();
      } while (mesh.hasMore());
      return answer;
    }
  }

  private Json.Obj keepLog(Json.Obj params) {
    try (Mesh mesh = Mesh.open(database, ambient)) {
      return ViewAnswers.keptLog(mesh, params);
    }
  }

  private Json.Obj beaconName(String name) {
    try (Mesh mesh = Mesh.open(database, ambient)) {
      mesh.nameBeacon(name);
      return BeaconDocument.stopped(mesh.view());
    }
  }

  private Json.Obj untrack(Json.Obj params) {
    Set<String> tables = Set.copyOf(params.texts("tables"));
    try (Mesh mesh = Mesh.open(database, ambient)) {
      Json.Obj answer = ViewAnswers.untracked(mesh.view(), tables);
      mesh.untrack(tables);
      return answer;
    }
  }

  private Json.Obj leavePlan(Json.Obj params) {
    try {
      return view("leave", params);
    } catch (MeshException | IllegalStateException e) {
      if (params.flag("force")) {
        return Json.object();
      }
      throw e;
    }
  }

  private Json.Obj leave(Json.Obj params) {
    Json.Obj plan = leavePlan(params);
    MeshSetup.dismantle(database);
    return Json.object()
        .with("left", true)
        .with("announced_to", 0L)
        .with("unsent", plan.whole("unsent"))
        .with("unsent_tables", Json.array(plan.objects("unsent_tables")));
  }
}
