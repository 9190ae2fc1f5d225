package sh.fazt.mesh.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.schema.Value;

/** One connection, in trouble and out of it. */
class DatabaseTest {
  private static final String INSERT = "INSERT INTO t VALUES (?, zeroblob(?))";

  @TempDir Path folder;

  @Test
  void theSameStatementWorksAgainOnceTheDiskHasRoom() {
    try (Database database = Database.create(folder.resolve("a.db"))) {
      database.run("CREATE TABLE t (id INTEGER PRIMARY KEY, v)");
      database.execute(INSERT, Value.of(1), Value.of(10));
      database.scalar("PRAGMA max_page_count = 20");
      assertThatThrownBy(
              () ->
                  database.write(() -> database.execute(INSERT, Value.of(2), Value.of(9_000_000))))
          .isInstanceOf(MeshException.class);
      database.scalar("PRAGMA max_page_count = 100000");
      database.write(() -> database.execute(INSERT, Value.of(3), Value.of(9_000_000)));
      assertThat(database.scalar("SELECT sum(id) FROM t")).isEqualTo(4);
    }
  }
}
