package sh.fazt.mesh.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;

/** What was touched beyond what one go sorts is sorted by the next. */
class TouchedGoesTest {
  private static final int GO = 10;
  private static final int ENTRIES = 25;
  private static final int PAGE = 4;

  @TempDir Path folder;

  private static String key(int i) {
    return "%02d".formatted(i);
  }

  private static List<String> keys(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(TouchedGoesTest::key).toList();
  }

  private static List<String> keys(Database database) {
    List<String> keys = new ArrayList<>();
    try (Rows rows = database.query("SELECT k0 FROM _mesh_touched_1 ORDER BY rowid")) {
      while (rows.next()) {
        keys.add(rows.text(0));
      }
    }
    return keys;
  }

  private static TrackedTable table(Database database) {
    database.run("CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    new TableBook(database, new SchemaReader(database)).add("t");
    return new TableBook(database, new SchemaReader(database)).tracked().get(0).table();
  }

  /** One go from its beginning to its end; how many entries it sorts. */
  private static long go(TouchedOrder order) {
    assertThat(order.look()).isTrue();
    long sorted = order.left();
    assertThat(order.look()).as("one go at a time").isFalse();
    int kept = PAGE;
    while (kept > 0) {
      kept = order.keep(PAGE);
    }
    return sorted;
  }

  @Test
  void entriesBeyondWhatOneGoSortsAreSortedByTheNext() {
    try (Database database = Database.create(folder.resolve("a.db"))) {
      MeshTables.create(database);
      TrackedTable table = table(database);
      for (int i = ENTRIES; i > 0; i--) {
        database.execute("INSERT INTO _mesh_touched_1 VALUES (7, ?)", Value.of(key(i)));
      }
      TouchedLog touched =
          new TouchedLog(database, table, new ShadowTable(database, table, new SiteBook(database)));
      TouchedOrder order = new TouchedOrder(database, table, touched, GO);
      assertThat(go(order)).isEqualTo(GO);
      assertThat(keys(database).subList(15, ENTRIES)).isEqualTo(keys(16, 25));
      assertThat(keys(database).subList(0, 15)).as("not yet").startsWith("15", "14", "13");
      assertThat(order.isDue()).isTrue();
      assertThat(go(order)).isEqualTo(GO);
      assertThat(go(order)).isEqualTo(ENTRIES - 2 * GO);
      assertThat(keys(database))
          .isEqualTo(
              Stream.of(keys(16, 25), keys(6, 15), keys(1, 5)).flatMap(List::stream).toList());
      assertThat(order.isDue()).isFalse();
    }
  }
}
