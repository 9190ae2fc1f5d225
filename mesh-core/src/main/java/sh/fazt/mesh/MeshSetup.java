package sh.fazt.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.roster.Admission;
import sh.fazt.mesh.roster.PreviewMessage;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.ReplicationPlan;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.FileFaults;
import sh.fazt.mesh.store.KeyFolder;
import sh.fazt.mesh.store.MeshTables;
import sh.fazt.mesh.store.Meta;
import sh.fazt.mesh.store.Meta.Fact;
import sh.fazt.mesh.store.OpTable;
import sh.fazt.mesh.store.PeerTable;
import sh.fazt.mesh.store.ReplicaLock;
import sh.fazt.mesh.store.SchemaReader;
import sh.fazt.mesh.store.TableBook;

/**
 * What is done to a database before it takes part in a mesh and after: looked at, copied, made a
 * member, made ordinary again. {@link Founder} and the transport's joiner are the entries.
 */
public final class MeshSetup {
  private static final int LAYOUT = 1;
  private static final int SECRET_BYTES = 16;

  private MeshSetup() {}

  /**
   * What would replicate of a database.
   *
   * @throws MeshException NO_DATABASE, NOT_A_DATABASE, ALREADY_INITIALIZED, or what is wrong with a
   *     table that was named
   */
  public static TablePlan plan(Path file, ReplicationPlan.Choice choice) {
    Replica.requireFile(file);
    try (Database database = Database.open(file)) {
      requirePlain(database);
      return TableCensus.plan(database, choice);
    }
  }

  private static void requirePlain(Database database) {
    if (MeshTables.exist(database)) {
      throw new MeshException(
          ErrorCode.ALREADY_INITIALIZED,
          database.file() + " is part of a mesh already",
          "fazt mesh status");
    }
  }

  /** Makes the mesh's own tables and says who the node is; inside a write transaction. */
  static Meta lay(Database database, MeshId mesh, SigningKey node, String name, Ambient ambient) {
    MeshTables.create(database);
    Meta meta = new Meta(database);
    meta.put(Fact.LAYOUT, Value.of(LAYOUT));
    meta.put(Fact.MESH, Value.of(mesh.founding().value()));
    meta.put(Fact.NODE, Value.of(node.verifyKey().value()));
    meta.put(Fact.NAME, Value.of(name));
    meta.put(Fact.INCARNATION, Value.of(1));
    meta.put(Fact.DIGEST_SECRET, Value.of(ambient.chance().bytes(SECRET_BYTES)));
    return meta;
  }

  /** What a node is called if nobody says: like its file, without the ending. */
  public static String nodeName(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  /**
   * The key of the node that {@code file} is or will be, made at the first call: a join that broke
   * off is taken up again under the same key.
   */
  public static SigningKey nodeKey(Path file, Ambient ambient) {
    KeyFolder folder = KeyFolder.of(file);
    folder.create();
    return folder
        .nodeKey()
        .orElseGet(
            () -> {
              SigningKey key = SigningKey.generate(ambient.chance());
              folder.saveNodeKey(key);
              return key;
            });
  }

  /**
   * Refuses a database that cannot join, before anything is sent.
   *
   * @throws MeshException NOT_A_DATABASE, ALREADY_INITIALIZED
   */
  public static void requireJoinable(Path file) {
    if (Files.exists(file)) {
      try (Database database = Database.open(file)) {
        requirePlain(database);
      }
    }
  }

  /** How a database keeps its journal, as {@code PRAGMA journal_mode} says: {@code wal} is best. */
  public static String journalMode(Path file) {
    try (Database database = Database.open(file)) {
      return database
          .first("PRAGMA journal_mode")
          .map(value -> ((Value.Text) value).utf8().asUtf8())
          .orElse("");
    }
  }

  /** Whether a database has tables of the application's. */
  public static boolean hasTables(Path file) {
    if (!Files.exists(file)) {
      return false;
    }
    try (Database database = Database.open(file)) {
      return !new SchemaReader(database).tables().isEmpty();
    }
  }

  /**
   * Copies a database as it is at one moment, with whatever its write-ahead log still holds, to a
   * file that does not exist and that the same people may read. If that fails, there is none.
   */
  public static void copy(Path from, Path to) {
    try (Database database = Database.open(from)) {
      Files.createFile(
          to, PosixFilePermissions.asFileAttribute(Files.getPosixFilePermissions(from)));
      copy(database, to);
    } catch (IOException e) {
      throw FileFaults.translate("cannot copy " + from + " to " + to, to, e);
    }
  }

  /** A part of a copy would be taken for one, and be in the way of the next. */
  private static void copy(Database database, Path to) throws IOException {
    boolean done = false;
    try {
      database.execute("VACUUM INTO ?", Value.of(to.toString()));
      done = true;
    } finally {
      if (!done) {
        Files.deleteIfExists(to);
      }
    }
  }

  /**
   * What a joiner wants.
   *
   * @param only the tables to replicate, all of the inviter's if empty
   */
  public record JoinWish(String nodeName, Optional<String> listen, Set<String> only) {
    public JoinWish {
      only = Set.copyOf(only);
    }
  }

  /**
   * Makes the database a member that was admitted. An absent or empty database gets the inviter's
   * tables. Its rows are taken in, and told to the others once this node has what they have.
   *
   * @param inviterAddress where the inviter answered, HOST:PORT
   */
  public static void join(
      Path file,
      Admission admission,
      List<PreviewMessage.TableText> tables,
      JoinWish wish,
      String inviterAddress,
      Ambient ambient) {
    SigningKey node = nodeKey(file, ambient);
    try (Database database = Files.exists(file) ? Database.open(file) : Database.create(file)) {
      requirePlain(database);
      database.write(
          () -> {
            if (new SchemaReader(database).tables().isEmpty()) {
              tables.forEach(table -> TableMaker.make(database, table));
            }
            Meta meta = lay(database, admission.roster().mesh(), node, wish.nodeName(), ambient);
            wish.listen().ifPresent(address -> meta.put(Fact.LISTEN, Value.of(address)));
            int seniority = admission.roster().member(node.verifyKey()).orElseThrow().seniority();
            meta.put(Fact.SENIORITY, Value.of(seniority));
            meta.put(Fact.GENESIS_WAIT, Value.of(1));
            new PeerTable(database)
                .put(admission.inviter().node(), new PeerTable.Peer(List.of(inviterAddress), 0));
            OpTable operations = new OpTable(database);
            admission.roster().operations().forEach(operations::put);
            TableBook book = new TableBook(database, new SchemaReader(database));
            tables.forEach(
                table -> {
                  book.add(table.name());
                  book.addFormer(table.name(), table.formerColumns());
                  if (!wish.only().isEmpty() && !contains(wish.only(), table.name())) {
                    // Kept in mind for when it is tracked after all.
                    book.remove(table.name());
                  }
                });
            return true;
          });
    }
  }

  private static boolean contains(Set<String> names, String name) {
    return names.stream().anyMatch(each -> Identifier.same(each, name));
  }

  /**
   * Makes an ordinary database again: triggers and tables of the mesh go in one transaction, then
   * the keys. The application's rows are not touched.
   *
   * @throws MeshException ALREADY_OPEN while a daemon works on it
   */
  public static void dismantle(Path file) {
    KeyFolder folder = KeyFolder.of(file);
    folder.create();
    try (Database database = Replica.open(file);
        ReplicaLock lock = ReplicaLock.take(folder)) {
      database.write(
          () -> {
            MeshTables.dropAll(database);
            return true;
          });
    }
    folder.delete();
  }
}
