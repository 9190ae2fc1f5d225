package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.Doctor;
import sh.fazt.mesh.Finding;
import sh.fazt.mesh.Founder;
import sh.fazt.mesh.JoinComparison;
import sh.fazt.mesh.MeshSetup;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.Recovery;
import sh.fazt.mesh.TablePlan;
import sh.fazt.mesh.control.ControlHandler;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.RecoveryPhrase;
import sh.fazt.mesh.netty.ListenAddress;
import sh.fazt.mesh.node.InviteCode;
import sh.fazt.mesh.node.Joiner;
import sh.fazt.mesh.node.LanChoice;
import sh.fazt.mesh.node.MeshNode;
import sh.fazt.mesh.node.NodeConfig;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.roster.PreviewMessage;
import sh.fazt.mesh.schema.ReplicationPlan;

/** Databases on this machine and nodes over real links. */
record BoundReplicas(Ambient ambient) implements Replicas {
  @Override
  public TablePlan plan(Path database, ReplicationPlan.Choice choice) {
    return MeshSetup.plan(database, choice);
  }

  @Override
  public String journalMode(Path database) {
    return MeshSetup.journalMode(database);
  }

  @Override
  public List<Finding> examine(Path database) {
    return Doctor.examine(database);
  }

  @Override
  public Founded found(Founding founding, Notes notes) {
    long total = plan(founding.database(), founding.choice()).rows();
    Founder founder =
        Founder.of(founding.database(), founding.persona())
            .named(founding.nodeName())
            .replicating(founding.choice())
            .with(ambient)
            .onProgress(
                rows ->
                    notes.progress(
                        Json.object()
                            .with("label", "taking in")
                            .with("done", rows)
                            .with("total", total)));
    founding.listen().ifPresent(address -> founder.listeningOn(address.toString()));
    founding.words().ifPresent(founder::recoverableWith);
    Founder.Founded founded = founder.found();
    return new Founded(founded.node().text(), founded.mesh().toString(), founded.plan());
  }

  @Override
  public ControlHandler offline(Path database, Supplier<Persona> persona) {
    return new OfflineAnswers(database, new OwnerKey(database, persona), ambient);
  }

  @Override
  public Json.Obj recovery(RecoverRequest request) {
    return RecoveryDocument.of(plan(request));
  }

  @Override
  public String rotation(RecoverRequest request, Persona next, Optional<RecoveryPhrase> nextWords) {
    return plan(request).sign(next.key(), nextWords).encoded().hex();
  }

  private static Recovery plan(RecoverRequest request) {
    return Recovery.plan(request.database(), request.words(), request.choice());
  }

  @Override
  public Preview preview(JoinRequest request) {
    Joiner.Preview both = joiner(request).preview();
    List<String> offered = both.texts().stream().map(PreviewMessage.TableText::name).toList();
    Set<String> names = new HashSet<>(offered);
    boolean hasTables = MeshSetup.hasTables(request.database());
    if (hasTables) {
      plan(request.database(), new ReplicationPlan.Choice.Usual())
          .tables()
          .forEach(table -> names.add(table.name()));
    }
    Set<String> chosen = ReplicationPlan.joining(offered, names, request.choice());
    if (chosen.isEmpty()) {
      throw new MeshException(
          ErrorCode.TABLE_UNKNOWN,
          both.inviter().name() + " offers no table that this node would take",
          "on " + both.inviter().name() + ": fazt mesh tables");
    }
    List<Preview.Entry> entries = new ArrayList<>();
    for (JoinComparison.Table table : both.tables()) {
      String note =
          chosen.contains(table.name())
              ? note(table, hasTables, both.inviter().name())
              : "stays home";
      entries.add(
          new Preview.Entry(
              table.name(),
              table.onlyHere(),
              table.onlyThere(),
              table.same(),
              table.different(),
              note));
    }
    return new Preview(
        both.inviter().id().text(),
        both.inviter().name(),
        both.inviter().personaName(),
        both.clockAheadMillis(),
        entries,
        both.texts(),
        new TreeSet<>(chosen));
  }

  private static String note(JoinComparison.Table table, boolean hasTables, String inviter) {
    return switch (table.fit()) {
      case FITS -> table.different() == 0 ? "" : inviter + "'s stand where they differ";
      case MISSING ->
          hasTables ? "not here: waits until the table is made" : "the table will be made";
      case REFUSED -> "the table here cannot replicate";
    };
  }

  @Override
  public void copy(Path database, Path target) {
    MeshSetup.copy(database, target);
  }

  @Override
  public Joined join(JoinRequest request, Preview preview) {
    Joiner joiner = joiner(request).replicating(preview.chosen()).knowing(preview.texts());
    request.listen().ifPresent(address -> joiner.listeningOn(address.toString()));
    Joiner.Report report = joiner.join();
    return new Joined(
        report.node().text(),
        report.inviter().id().text(),
        report.inviter().name(),
        preview.chosen().size());
  }

  private Joiner joiner(JoinRequest request) {
    InviteCode invite = new InviteCode(request.token(), List.of(request.inviter().toString()), 0);
    return Joiner.of(request.database(), invite, request.persona())
        .named(request.nodeName())
        .with(ambient);
  }

  @Override
  public ServingNode serve(NodeRequest request) {
    NodeConfig config =
        new NodeConfig(request.database(), request.listen().map(ListenAddress::toString), ambient);
    MeshNode node = MeshNode.start(request.beacon() ? config : config.shownOn(LanChoice.OFF));
    return new NodeAnswers(node, request, ambient, Watchers.of(node, ambient::now));
  }
}
