package sh.fazt.mesh.node;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.Founder;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.MeshSetup;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.PreviewSource;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.roster.Admission;
import sh.fazt.mesh.roster.Admitter;
import sh.fazt.mesh.roster.Applicant;
import sh.fazt.mesh.roster.InviteToken;
import sh.fazt.mesh.roster.PreviewMessage;
import sh.fazt.mesh.roster.Role;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.roster.SignedOp;
import sh.fazt.mesh.schema.ReplicationPlan;

/** Founds the mesh of a simulated world and lets its nodes join, without a network between. */
final class SimSetup {
  private static final long SEED = 7;

  private final Path folder;
  private final Chance chance;
  private final Persona persona = persona();
  private final Ambient ambient;

  SimSetup(Path folder) {
    this(folder, Chance.from(new Random(SEED)), () -> SimTime.START_MILLIS - 60_000);
  }

  private SimSetup(Path folder, Chance chance, LongSupplier wallMillis) {
    this.folder = folder;
    this.chance = chance;
    this.ambient = new Ambient(wallMillis, chance);
  }

  /** Who owns all nodes. */
  static Persona persona() {
    return Persona.create("jay", Chance.from(new Random(SEED + 1)));
  }

  /** One more node joins at one that works. */
  static void join(Path folder, int index, Mesh server, SimTime time) {
    Chance chance = Chance.from(new Random(time.random.nextLong()));
    String at = server.view().name();
    new SimSetup(folder, chance, time::nowMillis)
        .join(index, server, SimNetwork.address(Integer.parseInt(at.substring(1))));
  }

  static Path file(Path folder, int index) {
    return folder.resolve("n" + index + ".db");
  }

  /** Makes the databases and key folders of so many members. */
  void make(int nodes) {
    Path first = file(folder, 0);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + first);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      for (String table : SimApp.SCHEMA) {
        statement.execute(table);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    Founder.of(first, persona).replicating(new ReplicationPlan.Choice.All()).with(ambient).found();
    for (int index = 1; index < nodes; index++) {
      join(index);
    }
    List<Bytes> operations = operations();
    for (int index = 1; index < nodes; index++) {
      try (Mesh mesh = Mesh.open(file(folder, index), ambient)) {
        mesh.membership().merge(operations);
      } catch (MalformedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private List<Bytes> operations() {
    try (Mesh mesh = Mesh.open(file(folder, 0), ambient)) {
      return mesh.membership().encodedOperations();
    }
  }

  private void join(int index) {
    try (Mesh server = Mesh.open(file(folder, 0), ambient)) {
      join(index, server, SimNetwork.address(0));
    }
  }

  private void join(int index, Mesh server, String address) {
    Path file = file(folder, index);
    SigningKey node = MeshSetup.nodeKey(file, ambient);
    server.membership().add(admission(server, node, "n" + index));
    Roster grown = server.membership().roster();
    Admission admission =
        new Admission(grown, grown.member(server.nodeKey().verifyKey()).orElseThrow(), 0);
    MeshSetup.join(
        file,
        admission,
        tables(server),
        new MeshSetup.JoinWish("n" + index, Optional.empty(), Set.of()),
        address,
        ambient);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private SignedOp admission(Mesh server, SigningKey node, String name) {
    InviteToken token =
        server
            .membership()
            .invite(
                persona.key(),
                server.nodeKey().verifyKey(),
                ambient.now() + 1_000,
                Role.FULL,
                ambient);
    Applicant applicant =
        Applicant.certified(node.verifyKey(), name, persona.key(), persona.name());
    Roster roster = server.membership().roster();
    return new Admitter(server.nodeKey(), chance).add(roster, token, applicant);
  }

  private static List<PreviewMessage.TableText> tables(Mesh server) {
    List<PreviewMessage.TableText> tables = new ArrayList<>();
    PreviewSource preview = server.preview();
    for (Optional<PreviewMessage> next = preview.next(); next.isPresent(); next = preview.next()) {
      if (next.get() instanceof PreviewMessage.TableText text) {
        tables.add(text);
      }
    }
    return tables;
  }
}
