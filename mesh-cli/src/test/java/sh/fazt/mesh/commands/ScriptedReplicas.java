package sh.fazt.mesh.commands;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import sh.fazt.mesh.Finding;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.TablePlan;
import sh.fazt.mesh.TableStatus;
import sh.fazt.mesh.control.ControlHandler;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.identity.RecoveryPhrase;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.schema.ReplicationPlan;

/** The layers below, as written down beforehand. */
record ScriptedReplicas(Scripted script) implements Replicas {
  @Override
  public TablePlan plan(Path database, ReplicationPlan.Choice choice) {
    return plan(script.get("plan"));
  }

  private static TablePlan plan(Json.Obj plan) {
    String preset = plan.text("preset");
    return new TablePlan(
        preset.isEmpty() ? Optional.empty() : Optional.of(preset),
        plan.objects("tables").stream()
            .map(
                table ->
                    new TableStatus(
                        table.text("name"),
                        TableStatus.State.valueOf(table.text("state").toUpperCase(Locale.ROOT)),
                        table.has("rows") ? table.whole("rows") : -1,
                        0,
                        0,
                        Optional.of(table.text("reason"))))
            .toList());
  }

  @Override
  public String journalMode(Path database) {
    return script.has("journal") ? script.get("journal").text("mode") : "wal";
  }

  @Override
  public List<Finding> examine(Path database) {
    return script.get("examine").objects("checks").stream()
        .map(
            check ->
                new Finding(
                    check.text("check"),
                    Finding.Level.valueOf(check.text("state").toUpperCase(Locale.ROOT)),
                    check.text("message"),
                    check.has("remedy") ? Optional.of(check.text("remedy")) : Optional.empty(),
                    check.has("code")
                        ? Optional.of(ErrorCode.valueOf(check.text("code")))
                        : Optional.empty()))
        .toList();
  }

  @Override
  public Founded found(Founding founding, Notes notes) {
    Json.Obj founded = script.handle("found", Json.object(), notes);
    return new Founded(founded.text("node"), founded.text("mesh"), plan(script.get("plan")));
  }

  @Override
  public ControlHandler offline(Path database, Supplier<Persona> persona) {
    return script;
  }

  @Override
  public Json.Obj recovery(RecoverRequest request) {
    return script.get("recovery");
  }

  @Override
  public String rotation(RecoverRequest request, Persona next, Optional<RecoveryPhrase> nextWords) {
    return "00";
  }

  @Override
  public Preview preview(JoinRequest request) {
    String named = "preview-" + request.nodeName();
    Json.Obj preview = script.get(script.has(named) ? named : "preview");
    return new Preview(
        preview.text("id"),
        preview.text("name"),
        preview.text("owner"),
        0,
        preview.objects("tables").stream()
            .map(
                table ->
                    new Preview.Entry(
                        table.text("table"),
                        table.whole("only_here"),
                        table.whole("only_there"),
                        table.whole("same"),
                        table.whole("different"),
                        table.text("note")))
            .toList(),
        List.of(),
        preview.objects("tables").stream()
            .map(table -> table.text("table"))
            .collect(Collectors.toSet()));
  }

  @Override
  public void copy(Path database, Path target) {
    try {
      Files.copy(database, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Joined join(JoinRequest request, Preview preview) {
    Json.Obj joined = script.get("join");
    return new Joined(
        joined.text("node"),
        joined.text("inviter"),
        joined.text("name"),
        (int) joined.whole("tables"));
  }

  @Override
  public ServingNode serve(NodeRequest request) {
    Json.Obj identity = script.get("serve");
    return new ServingNode() {
      @Override
      public Json.Obj identity() {
        return identity;
      }

      @Override
      public CompletableFuture<Throwable> failure() {
        return new CompletableFuture<>();
      }

      @Override
      public Json.Obj handle(String method, Json.Obj params, Notes notes) {
        return script.handle(method, params, notes);
      }

      @Override
      public void close() {}
    };
  }
}
