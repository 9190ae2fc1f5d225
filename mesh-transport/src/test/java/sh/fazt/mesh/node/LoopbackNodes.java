package sh.fazt.mesh.node;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.MeshSetup;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.roster.InviteToken;
import sh.fazt.mesh.roster.Role;
import sh.fazt.mesh.schema.ReplicationPlan;
import sh.fazt.mesh.store.PersonaFile.Persona;

/** Whole nodes over loopback, with applications that write through connections of their own. */
abstract class LoopbackNodes {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;
  final Persona persona = new Persona(SigningKey.generate(Ambient.system().chance()), "jay");
  private final List<MeshNode> nodes = new ArrayList<>();

  @AfterEach
  void closeNodes() {
    nodes.forEach(MeshNode::close);
  }

  Path file(String name) {
    return folder.resolve(name + ".db");
  }

  List<String> sql(String name, String... statements) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file(name));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 5000");
      List<String> rows = new ArrayList<>();
      for (String each : statements) {
        rows.clear();
        if (statement.execute(each)) {
          try (ResultSet results = statement.getResultSet()) {
            while (results.next()) {
              rows.add(results.getString(1));
            }
          }
        }
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  MeshNode start(String name) {
    MeshNode node = MeshNode.start(NodeConfig.of(file(name)).listeningOn("127.0.0.1:0"));
    nodes.add(node);
    return node;
  }

  void stop(MeshNode node) {
    nodes.remove(node);
    node.close();
  }

  MeshNode found(String name, String... statements) {
    sql(name, "PRAGMA journal_mode = WAL");
    sql(name, statements);
    MeshSetup.found(
        file(name),
        persona,
        name,
        new ReplicationPlan.Choice.All(),
        Optional.empty(),
        Ambient.system(),
        rows -> {});
    return start(name);
  }

  Joiner joiner(String name, MeshNode server, String token) {
    return new Joiner(
        file(name), server.listening(), InviteToken.parse(token), persona, name, Ambient.system());
  }

  String invite(MeshNode node) {
    return node.invite(persona.key(), Duration.ofMinutes(1), Role.FULL).join().token();
  }

  MeshNode join(String name, MeshNode server) {
    Joiner joiner = joiner(name, server, invite(server));
    joiner.join(joiner.preview().texts(), new MeshSetup.JoinWish(name, Optional.empty(), Set.of()));
    return start(name);
  }

  static SyncReport sync(MeshNode node) {
    return node.sync(Optional.empty(), PATIENCE, 0).join();
  }

  /** Waits until {@code condition} holds. */
  static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("still not so after " + PATIENCE);
      }
      LockSupport.parkNanos(5_000_000);
    }
  }
}
