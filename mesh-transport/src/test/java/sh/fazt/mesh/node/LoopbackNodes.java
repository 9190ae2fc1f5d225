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
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.Founder;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.schema.ReplicationPlan;

/** Whole nodes over loopback, with applications that write through connections of their own. */
abstract class LoopbackNodes {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;
  final Persona persona = Persona.create("jay");
  final List<MeshNode> nodes = new ArrayList<>();

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
    return startAt(name, "127.0.0.1:0");
  }

  MeshNode startAt(String name, String address) {
    MeshNode node = MeshNode.start(NodeConfig.of(file(name)).listeningOn(address));
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
    Founder.of(file(name), persona).replicating(new ReplicationPlan.Choice.All()).found();
    return start(name);
  }

  Joiner joiner(String name, InviteCode invite) {
    return Joiner.of(file(name), invite, persona);
  }

  InviteCode invite(MeshNode node) {
    return node.invite(persona);
  }

  MeshNode join(String name, MeshNode server) {
    joiner(name, invite(server)).join();
    return start(name);
  }

  static SyncReport sync(MeshNode node) {
    return node.sync(PATIENCE).join();
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
