package sh.fazt.mesh;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.RecoveryPhrase;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.roster.Operation;
import sh.fazt.mesh.roster.SignedOp;
import sh.fazt.mesh.schema.ReplicationPlan;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.Meta.Fact;
import sh.fazt.mesh.store.OpTable;
import sh.fazt.mesh.store.SchemaReader;
import sh.fazt.mesh.store.TableBook;

/**
 * Founds a mesh: makes a database its first node, and takes in the rows that are there. What is not
 * said has a default. One use; confined to one thread, which it blocks.
 */
public final class Founder {
  private static final int NONCE_BYTES = 16;

  private final Path database;
  private final Persona persona;
  private String nodeName;
  private ReplicationPlan.Choice tables = new ReplicationPlan.Choice.Usual();
  private Optional<String> listen = Optional.empty();
  private Hash recovery = Hash.ZERO;
  private Ambient ambient = Ambient.system();
  private LongConsumer progress = rows -> {};

  private Founder(Path database, Persona persona) {
    this.database = database;
    this.persona = persona;
    this.nodeName = MeshSetup.nodeName(database);
  }

  /**
   * A mesh of {@code persona}'s, with {@code database} as its first node.
   *
   * @param database exists, and is in no mesh
   */
  public static Founder of(Path database, Persona persona) {
    return new Founder(database, persona);
  }

  /** Calls the node so; otherwise it is called like the file. At most 64 bytes of plain text. */
  public Founder named(String name) {
    nodeName = name;
    return this;
  }

  /** Replicates these tables alone; see {@link #replicating(ReplicationPlan.Choice)}. */
  public Founder replicating(String... names) {
    return replicating(new ReplicationPlan.Choice.Only(Set.copyOf(List.of(names)), false));
  }

  /** Replicates what is chosen; otherwise every table whose key is not an automatic number. */
  public Founder replicating(ReplicationPlan.Choice choice) {
    tables = choice;
    return this;
  }

  /** Has the node listen there, {@code HOST:PORT}; otherwise on all addresses, port 8443. */
  public Founder listeningOn(String address) {
    listen = Optional.of(address);
    return this;
  }

  /**
   * Commits to the words with which the persona's key can be replaced; otherwise nothing ever can.
   */
  public Founder recoverableWith(RecoveryPhrase words) {
    recovery = words.commitment();
    return this;
  }

  /** Takes time and chance from there. */
  public Founder with(Ambient world) {
    ambient = world;
    return this;
  }

  /** Tells how many rows are taken in so far, now and then. */
  public Founder onProgress(LongConsumer rows) {
    progress = rows;
    return this;
  }

  /**
   * What would replicate; changes nothing.
   *
   * @throws MeshException NO_DATABASE, NOT_A_DATABASE, ALREADY_INITIALIZED, or what is wrong with a
   *     table that was named: TABLE_UNKNOWN, TABLE_WITHOUT_KEY, TABLE_UNSUPPORTED, TABLE_PRIVATE
   */
  public TablePlan plan() {
    return MeshSetup.plan(database, tables);
  }

  /**
   * A mesh that was just founded.
   *
   * @param node its first member
   * @param plan what became of each table
   * @param rows how many the first member brought along
   */
  public record Founded(MeshId mesh, NodeId node, TablePlan plan, long rows) {}

  /**
   * Founds the mesh.
   *
   * @throws MeshException as {@link #plan}
   */
  public Founded found() {
    TablePlan plan = plan();
    SigningKey node = MeshSetup.nodeKey(database, ambient);
    SignedOp founding = founding(node);
    try (Database opened = Database.open(database)) {
      opened.write(
          () -> {
            var meta = MeshSetup.lay(opened, founding.mesh(), node, nodeName, ambient);
            listen.ifPresent(address -> meta.put(Fact.LISTEN, Value.of(address)));
            new OpTable(opened).put(founding);
            TableBook book = new TableBook(opened, new SchemaReader(opened));
            plan.in(TableStatus.State.REPLICATED).forEach(table -> book.add(table.name()));
            return true;
          });
    }
    return new Founded(founding.mesh(), NodeId.of(node.verifyKey()), plan, takeIn());
  }

  private SignedOp founding(SigningKey node) {
    return SignedOp.found(
        new Operation.Found(
            ambient.chance().bytes(NONCE_BYTES),
            persona.key().verifyKey(),
            persona.name(),
            node.verifyKey(),
            nodeName,
            recovery,
            ambient.now()),
        persona.key());
  }

  private long takeIn() {
    try (Mesh mesh = Mesh.open(database, ambient)) {
      while (mesh.hasMore()) {
        mesh.harvest();
        progress.accept(mesh.genesisRows());
      }
      return mesh.genesisRows();
    }
  }
}
