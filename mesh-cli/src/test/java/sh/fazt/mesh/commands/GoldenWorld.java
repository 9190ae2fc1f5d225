package sh.fazt.mesh.commands;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.control.ControlAddress;
import sh.fazt.mesh.control.ControlServer;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Terminal;
import sh.fazt.mesh.roster.InviteId;
import sh.fazt.mesh.roster.InviteToken;
import sh.fazt.mesh.roster.Pin;

/** A machine of its own for the commands of one script: a folder, an environment, a clock. */
final class GoldenWorld implements AutoCloseable {
  /** Saturday 22 November 2025, 10:02:16 UTC. */
  static final long NOW_MILLIS = 1_763_805_736_123L;

  private static final String TOKEN =
      new InviteToken(
              Bytes.wrap(new byte[16]),
              new Pin(Bytes.wrap(new byte[16])),
              new InviteId(Bytes.wrap(new byte[16])),
              Bytes.wrap(new byte[16]))
          .text();

  private final Path folder;
  private final Map<String, String> environment = new TreeMap<>();
  private final Scripted daemon = new Scripted();
  private final Scripted replicas = new Scripted();
  private final Chance chance = Chance.from(new Random(1));
  private List<String> terminals = List.of();
  private String stdin = "";
  private @Nullable ControlServer server;

  GoldenWorld(Path folder) {
    this.folder = folder;
    environment.put("FAZT_HOME", folder.resolve("home").toString());
    environment.put("USER", "jay");
    environment.put("HOSTNAME", "laptop");
    environment.put("LANG", "C.UTF-8");
    environment.put("TZ", "UTC");
  }

  GoldenScript.Expected run(GoldenScript.Step step) throws IOException {
    for (GoldenScript.Given given : step.given()) {
      give(given.kind(), filledIn(given.value()));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> words = new ArrayList<>(List.of(step.command().split(" ", -1)));
    words.remove(0);
    words.replaceAll(this::filledIn);
    int exit = Main.run(words, wiring(out, err));
    return new GoldenScript.Expected(lines(out), lines(err), exit);
  }

  private String filledIn(String text) {
    return text.replace("$DIR", folder.toString()).replace("$TOKEN", TOKEN);
  }

  /** The machine with nobody listening. */
  Wiring wiring() {
    return wiring(new ByteArrayOutputStream(), new ByteArrayOutputStream());
  }

  private Wiring wiring(ByteArrayOutputStream out, ByteArrayOutputStream err) {
    BufferedReader in = new BufferedReader(new StringReader(stdin));
    return new Wiring(
        in,
        HiddenInput.of(in),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        Terminal.of(
            terminals.contains("in"),
            terminals.contains("out"),
            terminals.contains("err"),
            environment),
        environment,
        folder.resolve("home"),
        () -> NOW_MILLIS,
        chance,
        new ScriptedReplicas(replicas),
        (database, more, inherited) -> {
          startDaemon();
          return Json.object().with("pid", 4121).with("address", "127.0.0.1:8443");
        },
        new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)));
  }

  private void give(String kind, String value) throws IOException {
    switch (kind) {
      case "database" -> Files.createFile(database());
      case "daemon" -> {
        daemon.answer(value);
        startDaemon();
      }
      case "launched" -> daemon.answer(value);
      case "progress" -> {
        daemon.progress(value);
        replicas.progress(value);
      }
      case "event" -> daemon.event(value);
      case "replicas" -> replicas.answer(value);
      case "terminal" -> terminals = List.of(value.split(" ", -1));
      case "stdin" -> stdin += value + "\n";
      case "file" -> Files.createFile(Path.of(value));
      case "env" ->
          environment.put(
              value.substring(0, value.indexOf('=')), value.substring(value.indexOf('=') + 1));
      default -> throw new IllegalArgumentException("given what: " + kind);
    }
  }

  private Path database() {
    return folder.resolve("data.db");
  }

  private void startDaemon() {
    if (server == null) {
      server = ControlServer.start(ControlAddress.of(database(), environment), daemon);
    }
  }

  private List<String> lines(ByteArrayOutputStream printed) {
    return printed
        .toString(StandardCharsets.UTF_8)
        .replace(folder.toString(), "$DIR")
        .replace("\u001b", "␛")
        .replace("\r", "␍")
        .lines()
        .toList();
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
