package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.ParkedTable;
import sh.fazt.mesh.wire.BatchSeal;

/**
 * What cannot show on one node is delivered there all the same: nothing that follows waits for it,
 * and a node that hears of it from nobody else shows it.
 */
class DeliveredAndShownTest extends ChainOfReplicas {
  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)",
          "CREATE TABLE other (id TEXT PRIMARY KEY, v TEXT)",
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150)"
              + " INSERT INTO t SELECT 'r' || i, 'v' FROM n");

  DeliveredAndShownTest() {
    super("author", "relay", "far");
  }

  /** Why the relay cannot show what the author writes, and how that ends. */
  private enum Cause {
    UNKNOWN_TABLE(Waiting.Reason.TABLE_MISSING, "u") {
      @Override
      void begin(DeliveredAndShownTest test) {
        for (String name : List.of("author", "far")) {
          test.nodes.app(name).run("CREATE TABLE u (id TEXT PRIMARY KEY, v TEXT)");
          test.nodes.mesh(name).track(Set.of("u"), false);
        }
        test.nodes.app("author").run("INSERT INTO u VALUES ('a', 'x')");
      }

      @Override
      void end(DeliveredAndShownTest test) {
        test.nodes.app("relay").run("CREATE TABLE u (id TEXT PRIMARY KEY, v TEXT)");
        test.whileOpen(relay -> relay.track(Set.of("u"), false));
      }
    },
    NOT_TRACKED(Waiting.Reason.NOT_TRACKED, "t") {
      @Override
      void begin(DeliveredAndShownTest test) {
        test.nodes.mesh("relay").untrack(Set.of("t"));
        test.nodes.app("author").run("UPDATE t SET v = 'x' WHERE id = 'r1'");
      }

      @Override
      void end(DeliveredAndShownTest test) {
        test.whileOpen(relay -> relay.track(Set.of("t"), false));
      }
    },
    UNKNOWN_COLUMN(Waiting.Reason.COLUMN_MISSING, "t") {
      @Override
      void begin(DeliveredAndShownTest test) {
        for (String name : List.of("author", "far")) {
          test.nodes.app(name).run("ALTER TABLE t ADD COLUMN w TEXT");
        }
        test.nodes.app("author").run("UPDATE t SET w = 'x' WHERE id = 'r1'");
      }

      @Override
      void end(DeliveredAndShownTest test) {
        test.nodes.app("relay").run("ALTER TABLE t ADD COLUMN w TEXT");
      }
    },
    OTHER_KEY(Waiting.Reason.OTHER_KEY, "k") {
      @Override
      void begin(DeliveredAndShownTest test) {
        test.madeWith("relay", "CREATE TABLE k (id TEXT, j TEXT, v TEXT, PRIMARY KEY (id, j))");
        test.madeWith("author", "CREATE TABLE k (id TEXT PRIMARY KEY, j TEXT, v TEXT)");
        test.madeWith("far", "CREATE TABLE k (id TEXT PRIMARY KEY, j TEXT, v TEXT)");
        test.nodes.app("author").run("INSERT INTO k VALUES ('a', 'j', 'x')");
      }

      @Override
      void end(DeliveredAndShownTest test) {
        test.nodes
            .app("relay")
            .run("DROP TABLE k", "CREATE TABLE k (id TEXT PRIMARY KEY, j TEXT, v TEXT)");
      }
    },
    FROM_THE_FUTURE(Waiting.Reason.EARLY, "t") {
      @Override
      void begin(DeliveredAndShownTest test) {
        test.nodes.clockOff("author", 6 * 60_000);
        test.nodes.clockOff("far", 6 * 60_000);
        test.nodes.app("author").run("UPDATE t SET v = 'x' WHERE id = 'r1'");
      }

      @Override
      void end(DeliveredAndShownTest test) {
        test.nodes.nowMillis += 61_000;
        test.nodes.clockOff("author", 0);
        test.nodes.clockOff("far", 0);
      }
    },
    HELD(null, "t") {
      @Override
      void begin(DeliveredAndShownTest test) {
        for (String name : List.of("author", "far")) {
          test.nodes.mesh(name).massDeletes().guard(Set.of("t"), false);
        }
        test.nodes.app("author").run("DELETE FROM t WHERE id <> 'r1'");
      }

      @Override
      void end(DeliveredAndShownTest test) {
        test.whileOpen(relay -> relay.massDeletes().allow(Set.of()));
      }
    };

    private final Waiting.Reason reason;
    final String table;

    Cause(Waiting.Reason reason, String table) {
      this.reason = reason;
      this.table = table;
    }

    abstract void begin(DeliveredAndShownTest test);

    abstract void end(DeliveredAndShownTest test);

    /** Stamps of a site grow: what follows one that is ahead is ahead itself, and waits as long. */
    boolean isOfItsTime() {
      return this == FROM_THE_FUTURE;
    }

    boolean waitsAt(Mesh mesh, long nowMillis) {
      MeshView.Figures figures = mesh.view().figures(nowMillis);
      return reason == null
          ? !figures.held().isEmpty()
          : figures.waiting().stream().map(Waiting::reason).toList().contains(reason);
    }
  }

  private void madeWith(String name, String sql) {
    nodes.app(name).run(sql);
    nodes.mesh(name).track(Set.of("k"), false);
  }

  private void whileOpen(java.util.function.Consumer<Mesh> work) {
    boolean closed = nodes.mesh("relay") == null;
    if (closed) {
      nodes.open("relay");
    }
    work.accept(nodes.mesh("relay"));
    if (closed) {
      nodes.closeMesh("relay");
    }
  }

  private void three() {
    chain(TABLES.toArray(String[]::new));
  }

  private static Stream<Arguments> causes() {
    return Stream.of(Cause.values())
        .flatMap(cause -> Stream.of(Arguments.of(cause, false), Arguments.of(cause, true)));
  }

  @ParameterizedTest
  @MethodSource("causes")
  void nothingWaitsForWhatWaitsAndItShowsWhenItsCauseEnds(Cause cause, boolean closed) {
    three();
    cause.begin(this);
    nodes.sync("author", "relay");
    assertWaits(cause);

    nodes.nowMillis += 10;
    nodes.app("author").run("INSERT INTO other VALUES ('author', 'later')");
    nodes.app("author").run("UPDATE t SET v = 'later' WHERE id = 'r1'");
    nodes.sync("author", "relay");
    assertThat(nodes.app("relay").column("SELECT id FROM other"))
        .isEqualTo(cause.isOfItsTime() ? List.of() : List.of("author"));

    nodes.sync("relay", "far");
    assertThat(nodes.mesh("far").summary()).isEqualTo(nodes.mesh("author").summary());
    assertThat(nodes.mesh("far").view().figures(nodes.nowMillis).parked()).isZero();
    assertThat(nodes.app("far").exact(cause.table))
        .isEqualTo(nodes.app("author").exact(cause.table));

    nodes.nowMillis += 10;
    nodes.app("far").run("INSERT INTO other VALUES ('far', 'has seen it')");
    nodes.app("relay").run("INSERT INTO other VALUES ('relay', 'has it')");
    sync();
    for (String name : List.of("author", "relay", "far")) {
      boolean early = cause.isOfItsTime() && name.equals("relay");
      assertThat(nodes.app(name).column("SELECT id FROM other ORDER BY id"))
          .as(name)
          .isEqualTo(early ? List.of("relay") : List.of("author", "far", "relay"));
    }
    nodes.closeMesh("relay");
    nodes.open("relay");
    nodes.mesh("relay").harvest();
    assertWaits(cause);

    if (closed) {
      nodes.closeMesh("relay");
    }
    cause.end(this);
    if (closed) {
      nodes.open("relay");
    }
    harvest();
    assertThat(cause.waitsAt(nodes.mesh("relay"), nodes.nowMillis)).isFalse();
    assertThat(nodes.app("relay").exact(cause.table))
        .isEqualTo(nodes.app("author").exact(cause.table));
    sync();
    for (String table : List.of("t", "other", cause.table)) {
      assertThat(nodes.app("relay").exact(table)).isEqualTo(nodes.app("author").exact(table));
      assertThat(nodes.app("far").exact(table)).isEqualTo(nodes.app("author").exact(table));
    }
    assertThat(nodes.mesh("relay").view().figures(nodes.nowMillis).parked()).isZero();
  }

  private void harvest() {
    do {
      nodes.mesh("relay").harvest();
    } while (nodes.mesh("relay").hasMore());
  }

  private void assertWaits(Cause cause) {
    assertThat(cause.waitsAt(nodes.mesh("relay"), nodes.nowMillis)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(ParkedTable.Reason.class)
  void everyReasonHasItsCase(ParkedTable.Reason reason) {
    Set<String> cases =
        Set.of(
            "UNKNOWN_TABLE",
            "UNKNOWN_COLUMN",
            "UNKNOWN_COLUMN_TYPE",
            "OTHER_KEY",
            "UNKEPT_KEY",
            "FROM_THE_FUTURE",
            "HELD");
    assertThat(cases).contains(reason.name());
  }

  /** Whichever of the sites comes first in whatever order. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whatAnAuthorHadSeenShowsFirstAndThenWhatItWrote(long seed) {
    nodes.close();
    nodes = new TestNodes(folder, seed);
    three();
    for (int i = 0; i < 3; i++) {
      nodes.nowMillis += 10;
      nodes.app("author").run("UPDATE t SET v = 'of author %d' WHERE id = 'r1'".formatted(i));
      nodes.carry("author", "relay");
      nodes.nowMillis += 10;
      nodes.app("relay").run("UPDATE t SET v = v || ', of relay' WHERE id = 'r1'");
      nodes.carry("relay", "author");
    }
    List<Bytes> envelopes = new ArrayList<>();
    DeltaCursor all =
        nodes
            .mesh("relay")
            .delta(nodes.mesh("far").summary().lacking(nodes.mesh("relay").summary()));
    all.next(1 << 20).forEach(batch -> envelopes.add(batch.envelope()));
    nodes.mesh("far").ingest(envelopes);
    assertThat(nodes.app("far").column("SELECT v FROM t WHERE id = 'r1'"))
        .containsExactly("of author 2, of relay");
  }

  @Test
  void textThatADatabaseCannotKeepAsAKeyHoldsNothingUp() {
    nodes.database("relay", "PRAGMA encoding = 'UTF-16le'", "CREATE TABLE x (id TEXT PRIMARY KEY)");
    nodes.app("relay").run("DROP TABLE x");
    nodes.database("author", TABLES.toArray(String[]::new));
    nodes.found("author");
    nodes.join("relay", "author");
    nodes.sync("author", "relay");
    nodes.join("far", "relay");
    sync();
    nodes.app("author").run("INSERT INTO t VALUES (CAST(x'ff61' AS TEXT), 'odd')");
    nodes.app("author").run("INSERT INTO other VALUES ('a', 'later')");
    sync();
    assertThat(nodes.mesh("relay").view().waiting())
        .extracting(Waiting::reason)
        .containsExactly(Waiting.Reason.UNKEPT_KEY);
    assertThat(nodes.app("relay").column("SELECT v FROM other")).containsExactly("later");
    assertThat(nodes.app("far").exact("t")).isEqualTo(nodes.app("author").exact("t"));
    nodes.app("far").run("INSERT INTO other VALUES ('f', 'seen')");
    nodes.app("author").run("DELETE FROM t WHERE v = 'odd'");
    sync();
    for (String name : List.of("author", "relay", "far")) {
      assertThat(nodes.app(name).column("SELECT id FROM other ORDER BY id"))
          .containsExactly("a", "f");
    }
    assertThat(nodes.app("far").exact("t")).isEqualTo(nodes.app("author").exact("t"));
  }

  /** A later version's author, played with the key of this one's. */
  @Test
  void aColumnThatMergesInAnUnknownWayHoldsNothingUp() {
    three();
    Mesh author = nodes.mesh("author");
    Head head = author.summary().head(author.site()).orElseThrow();
    Hlc hlc = Hlc.of(nodes.nowMillis + 1, 0);
    Change typed =
        new Change.Insert(
            "t",
            new RowKey(List.of(Value.of("typed"))),
            hlc,
            List.of(new Cell("v", 7, Value.of(Bytes.utf8("payload")))));
    Change beside =
        new Change.Insert(
            "other",
            new RowKey(List.of(Value.of("beside"))),
            hlc.next(),
            List.of(Cell.lww("v", Value.of("shows"))));
    BatchHeader header =
        new BatchHeader(
            author.id(),
            new Dot(author.site(), head.seq() + 1),
            head.hash(),
            0,
            true,
            0,
            hlc,
            hlc.next(),
            List.of());
    Batch batch = new Batch(header, List.of(typed, beside));
    Bytes envelope = BatchSeal.sign(batch, author.nodeKey()).signed().envelope();
    nodes.mesh("relay").ingest(List.of(envelope));
    assertThat(nodes.mesh("relay").view().waiting())
        .extracting(Waiting::reason)
        .containsExactly(Waiting.Reason.COLUMN_TYPE);
    nodes.nowMillis += 10;
    nodes.app("relay").run("UPDATE t SET v = 'over it' WHERE id = 'r2'");
    nodes.sync("relay", "far");
    for (String name : List.of("relay", "far")) {
      assertThat(nodes.mesh(name).summary()).isEqualTo(nodes.mesh("relay").summary());
      assertThat(nodes.app(name).column("SELECT v FROM other")).containsExactly("shows");
      assertThat(nodes.app(name).column("SELECT v FROM t WHERE id = 'r2'"))
          .containsExactly("over it");
    }
    nodes.app("far").run("INSERT INTO other VALUES ('f', 'seen')");
    nodes.sync("far", "relay");
    assertThat(nodes.app("relay").column("SELECT count(*) FROM other")).containsExactly("2");
  }
}
