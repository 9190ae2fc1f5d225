package sh.fazt.mesh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import sh.fazt.mesh.capture.TriggerKeeper;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TableVerdict;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.PeerTable;
import sh.fazt.mesh.store.SchemaReader;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.store.TableBook;

/** Checks the tables of a replica and what the mesh keeps of them. Confined. */
final class ReplicaChecks {
  private static final String TABLES = "fazt mesh tables";
  private static final String PEERS = "fazt mesh peers";
  private static final String START = "fazt mesh daemon --detach";

  private final Database database;
  private final SiteBook sites;
  private final MeshView view;
  private final TableBook book;
  private final SchemaReader schema;

  ReplicaChecks(Database database) {
    this.database = database;
    this.sites = new SiteBook(database);
    this.view = new MeshView(database);
    this.schema = new SchemaReader(database);
    this.book = new TableBook(database, schema);
  }

  /** The checks by name, in the order in which they are told. */
  Map<String, Supplier<Finding>> checks() {
    Map<String, Supplier<Finding>> checks = new LinkedHashMap<>();
    checks.put("TABLES", this::tables);
    checks.put("UNFIT_TABLES", this::unfit);
    checks.put("TRIGGERS", this::triggers);
    checks.put("NULL_KEYS", this::nullKeys);
    checks.put("PARKED", this::parked);
    checks.put("HELD", this::held);
    checks.put("SET_ASIDE", this::aside);
    checks.put("CONFLICTS", this::conflicts);
    checks.put("FORKS", this::forks);
    checks.put("PEERS", this::peers);
    return checks;
  }

  /** Those that should replicate, and whether they do. */
  private Finding tables() {
    List<String> out = new ArrayList<>();
    for (String name : book.names()) {
      schema
          .table(name)
          .ifPresentOrElse(
              verdict -> {
                if (verdict instanceof TableVerdict.Refused refused) {
                  out.add(name + " (" + refused.reason() + ")");
                }
              },
              () -> out.add(name + " (not here)"));
    }
    if (!out.isEmpty()) {
      return Finding.warning(
          "TABLES",
          Finding.count(out.size(), "table") + " should replicate and cannot: " + joined(out),
          TABLES);
    }
    int number = book.names().size();
    return Finding.ok(
        "TABLES", Finding.count(number, "table") + (number == 1 ? " replicates" : " replicate"));
  }

  /** Those that stay home because they must. */
  private Finding unfit() {
    List<String> tracked = book.names().stream().map(Identifier::folded).toList();
    List<String> unfit = new ArrayList<>();
    for (TableVerdict verdict : schema.tables()) {
      if (verdict instanceof TableVerdict.Refused refused
          && !tracked.contains(Identifier.folded(verdict.name()))) {
        unfit.add(refused.name() + " (" + refused.reason() + ")");
      }
    }
    return unfit.isEmpty()
        ? Finding.ok("UNFIT_TABLES", "every table could replicate")
        : Finding.ok(
            "UNFIT_TABLES",
            Finding.count(unfit.size(), "table") + " could not replicate: " + joined(unfit),
            TABLES);
  }

  private Finding triggers() {
    TriggerKeeper keeper = new TriggerKeeper(database);
    List<TrackedTable> readable = book.readable();
    List<String> out = new ArrayList<>();
    for (TrackedTable table : book.known()) {
      if (readable.stream().noneMatch(each -> each.number() == table.number())) {
        out.add(table.name() + " (not looked at yet)");
      } else if (!keeper.isIntact(table)) {
        out.add(table.name() + " (missing or altered)");
      } else if (!keeper.isNewest(table)) {
        out.add(table.name() + " (another trigger is newer and can call them off)");
      }
    }
    return out.isEmpty()
        ? Finding.ok("TRIGGERS", "each table that replicates has its triggers, the newest of all")
        : Finding.warning(
            "TRIGGERS",
            "triggers are not as they should be: "
                + joined(out)
                + "; a running daemon mends them and finds what passed them",
            START);
  }

  private Finding nullKeys() {
    Map<String, Long> rows = counts(access -> access.rows().countWithoutKey());
    return rows.isEmpty()
        ? Finding.ok("NULL_KEYS", "no row that should replicate has a NULL in its key")
        : Finding.warning(
            "NULL_KEYS",
            "rows with a NULL in their key stay on this node: " + byTable(rows),
            "Give each of these rows a whole key; then it replicates");
  }

  private Finding parked() {
    List<Waiting> waiting = view.waiting();
    long grave = sum(waiting.stream().filter(each -> !each.isDeclined()).toList());
    long declined = sum(waiting) - grave;
    if (grave > 0) {
      return Finding.warning(
          "PARKED",
          Finding.count(grave, "delivered change")
              + " cannot show yet; kept, and passed on to others",
          TABLES);
    }
    return declined > 0
        ? Finding.ok(
            "PARKED",
            Finding.count(declined, "delivered change") + " of tables that stay home here",
            TABLES)
        : Finding.ok("PARKED", "all that was delivered shows");
  }

  private static long sum(List<Waiting> waiting) {
    return waiting.stream().mapToLong(Waiting::changes).sum();
  }

  private Finding held() {
    long rows = view.held().stream().mapToLong(HeldDeletes::rows).sum();
    return rows == 0
        ? Finding.ok("HELD", "no delete waits for a word of yours")
        : Finding.warning(
            "HELD",
            Finding.count(rows, "delete")
                + (rows == 1 ? " waits" : " wait")
                + " until you allow it or undo it: more than half of a table",
            "fazt mesh allow");
  }

  private Finding aside() {
    AsideTable aside = new AsideTable(database);
    long count = aside.count();
    return count == 0
        ? Finding.ok("SET_ASIDE", "no row is kept out by a rule of its table")
        : Finding.warning(
            "SET_ASIDE",
            Finding.count(count, "row")
                + (count == 1 ? " is" : " are")
                + " set aside: alive, and kept out by a rule of the table: "
                + byTable(counts(access -> aside.count(access.table()))),
            TABLES);
  }

  private Finding conflicts() {
    long open = new ConflictTable(database, sites).countOpen();
    return open == 0
        ? Finding.ok("CONFLICTS", "no value lost to another")
        : Finding.ok(
            "CONFLICTS",
            Finding.count(open, "value")
                + " lost to a concurrent write; kept, and can be written back",
            "fazt mesh conflicts");
  }

  private Finding forks() {
    List<Fork> forks = view.forks();
    if (forks.isEmpty()) {
      return Finding.ok("FORKS", "no node has signed two things at once");
    }
    return Finding.failed(
        "FORKS",
        forks.stream().map(Fork::name).distinct().collect(Collectors.joining(", "))
            + " signed two different batches with one number: the files were put back to an older"
            + " state or copied, or the node lies; what it wrote either way is kept",
        "fazt mesh status");
  }

  /** As far as the database remembers; a running daemon knows better. */
  private Finding peers() {
    Map<VerifyKey, PeerTable.Peer> met = view.peers();
    VerifyKey self = view.node();
    List<Member> others =
        view.roster().members().stream()
            .filter(member -> member.active() && !member.node().equals(self))
            .toList();
    List<String> never =
        others.stream().filter(member -> isNever(met, member.node())).map(Member::name).toList();
    if (others.isEmpty()) {
      return Finding.ok("PEERS", "no other node is in the mesh", "fazt mesh invite");
    }
    return never.isEmpty()
        ? Finding.ok("PEERS", "each of " + Finding.count(others.size(), "peer") + " was met before")
        : Finding.warning(
            "PEERS", joined(never) + (never.size() == 1 ? " was" : " were") + " never met", PEERS);
  }

  private static boolean isNever(Map<VerifyKey, PeerTable.Peer> met, VerifyKey node) {
    PeerTable.Peer peer = met.get(node);
    return peer == null || peer.lastSyncMillis() == 0;
  }

  private Map<String, Long> counts(Function<TableAccess, Long> count) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (TrackedTable table : book.readable()) {
      long rows = count.apply(TableAccess.of(database, table, sites));
      if (rows > 0) {
        counts.put(table.name(), rows);
      }
    }
    return counts;
  }

  private static String byTable(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(each -> each.getKey() + " " + each.getValue())
        .collect(Collectors.joining(", "));
  }

  /** Names enough to know what it is about. */
  private static String joined(List<String> names) {
    int shown = Math.min(names.size(), 5);
    String more = names.size() > shown ? " and " + (names.size() - shown) + " more" : "";
    return String.join(", ", names.subList(0, shown)) + more;
  }
}
