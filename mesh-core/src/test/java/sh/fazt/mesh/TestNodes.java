package sh.fazt.mesh;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.RecoveryPhrase;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.roster.Admission;
import sh.fazt.mesh.roster.Admitter;
import sh.fazt.mesh.roster.Applicant;
import sh.fazt.mesh.roster.InviteToken;
import sh.fazt.mesh.roster.PreviewMessage;
import sh.fazt.mesh.roster.Role;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.schema.ReplicationPlan;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * Replicas in a folder of a test's own, each with an application that writes to its file through a
 * second, plain connection. Time stands still unless the test moves it; chance is seeded.
 */
public final class TestNodes implements AutoCloseable {
  private static final int ROUNDS_MAX = 20;

  private final Path folder;
  private final Chance chance;
  private final Map<String, Mesh> meshes = new TreeMap<>();
  private final Map<String, PlainSql> apps = new TreeMap<>();
  private final Map<String, Long> offMillis = new TreeMap<>();
  private final Persona persona;
  public long nowMillis = 1_700_000_000_000L;

  public TestNodes(Path folder, long seed) {
    this.folder = folder;
    this.chance = Chance.from(new Random(seed));
    this.persona = Persona.create("jay", chance);
  }

  Ambient ambient() {
    return new Ambient(() -> nowMillis, chance);
  }

  /** The world of one node, whose clock may be off. */
  Ambient ambient(String name) {
    return new Ambient(() -> now(name), chance);
  }

  /** What the clock of a node says. */
  long now(String name) {
    return nowMillis + offMillis.getOrDefault(name, 0L);
  }

  /** Puts a node's clock off by so much from now on. */
  void clockOff(String name, long millis) {
    offMillis.put(name, millis);
  }

  Persona persona() {
    return persona;
  }

  public Path file(String name) {
    return folder.resolve(name + ".db");
  }

  /** A database that an application has made, outside any mesh. */
  public PlainSql database(String name, String... statements) {
    PlainSql app = new PlainSql(file(name));
    app.run("PRAGMA journal_mode = WAL");
    app.run(statements);
    apps.put(name, app);
    return app;
  }

  public Mesh found(String name) {
    return found(name, new ReplicationPlan.Choice.All());
  }

  Mesh found(String name, ReplicationPlan.Choice choice) {
    Founder.of(file(name), persona).replicating(choice).with(ambient(name)).found();
    return open(name);
  }

  Mesh found(String name, RecoveryPhrase words) {
    Founder founder = Founder.of(file(name), persona).with(ambient(name));
    founder.replicating(new ReplicationPlan.Choice.All()).recoverableWith(words).found();
    return open(name);
  }

  /** Joins {@code name} to the mesh of {@code inviter}, without a network between. */
  public Mesh join(String name, String inviter) {
    return join(name, inviter, Role.FULL);
  }

  /** The same, to a role. */
  Mesh join(String name, String inviter, Role role) {
    return join(name, inviter, role, Set.of(), UnaryOperator.identity());
  }

  /**
   * @param only the tables to replicate, all if empty
   * @param told what the inviter says of its tables, from what it would say
   */
  Mesh join(
      String name,
      String inviter,
      Set<String> only,
      UnaryOperator<List<PreviewMessage.TableText>> told) {
    return join(name, inviter, Role.FULL, only, told);
  }

  private Mesh join(
      String name,
      String inviter,
      Role role,
      Set<String> only,
      UnaryOperator<List<PreviewMessage.TableText>> told) {
    Mesh server = mesh(inviter);
    InviteToken token =
        server
            .membership()
            .invite(
                persona.key(), server.nodeKey().verifyKey(), nowMillis + 1_000, role, ambient());
    SigningKey node = MeshSetup.nodeKey(file(name), ambient());
    Applicant applicant =
        Applicant.certified(node.verifyKey(), name, persona.key(), persona.name());
    Roster roster = server.membership().roster();
    server.membership().add(new Admitter(server.nodeKey(), chance).add(roster, token, applicant));
    Roster grown = server.membership().roster();
    Admission admission =
        new Admission(grown, grown.member(server.nodeKey().verifyKey()).orElseThrow(), 0);
    List<PreviewMessage.TableText> tables = new ArrayList<>();
    PreviewSource preview = server.preview();
    for (Optional<PreviewMessage> next = preview.next(); next.isPresent(); next = preview.next()) {
      if (next.get() instanceof PreviewMessage.TableText text) {
        tables.add(text);
      }
    }
    MeshSetup.join(
        file(name),
        admission,
        told.apply(tables),
        new MeshSetup.JoinWish(name, Optional.empty(), only),
        "127.0.0.1:1",
        ambient(name));
    return open(name);
  }

  Mesh open(String name) {
    Mesh mesh = Mesh.open(file(name), ambient(name));
    meshes.put(name, mesh);
    apps.computeIfAbsent(name, n -> new PlainSql(file(n)));
    return mesh;
  }

  /** Goes on in the same process, as a node does whose database must be opened again. */
  void openAgain(String name) {
    Mesh closed = mesh(name);
    closeMesh(name);
    meshes.put(name, closed.openAgain());
  }

  void closeMesh(String name) {
    meshes.remove(name).close();
  }

  void closeApp(String name) {
    apps.remove(name).close();
  }

  public Mesh mesh(String name) {
    return meshes.get(name);
  }

  PlainSql app(String name) {
    return apps.get(name);
  }

  /** Carries all that {@code from} has and {@code to} lacks, one way. */
  List<Ingested> carry(String from, String to) {
    Mesh source = mesh(from);
    Mesh target = mesh(to);
    harvest(source);
    try {
      target.membership().merge(source.membership().encodedOperations());
    } catch (sh.fazt.mesh.bytes.MalformedException e) {
      throw new AssertionError(e);
    }
    List<Ingested> results = new ArrayList<>();
    DeltaCursor delta = source.delta(target.summary().lacking(source.summary()));
    List<SignedBatch> page = delta.next(1 << 20);
    while (!page.isEmpty()) {
      List<Bytes> envelopes = page.stream().map(SignedBatch::envelope).toList();
      results.addAll(target.ingest(envelopes));
      page = delta.next(1 << 20);
    }
    target.caughtUp();
    harvest(target);
    return results;
  }

  private static void harvest(Mesh mesh) {
    mesh.harvest();
    while (mesh.hasMore()) {
      mesh.harvest();
    }
  }

  /** Carries both ways until neither lacks anything. */
  public void sync(String a, String b) {
    harvest(mesh(a));
    harvest(mesh(b));
    int rounds = 0;
    do {
      if (++rounds > ROUNDS_MAX) {
        throw new AssertionError(a + " and " + b + " do not come to hold the same");
      }
      carry(a, b);
      carry(b, a);
    } while (!mesh(a).summary().equals(mesh(b).summary()));
  }

  /** How many batches a look through all rows of a node gives rise to. */
  public int scrub(String name) {
    int found = 0;
    boolean more = true;
    while (more) {
      more = mesh(name).scrub(nowMillis);
      found += mesh(name).harvest().size();
    }
    return found;
  }

  static boolean exists(Path file) {
    return Files.exists(file);
  }

  @Override
  public void close() {
    apps.values().forEach(PlainSql::close);
    meshes.values().forEach(Mesh::close);
  }
}
