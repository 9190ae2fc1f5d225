package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.roster.RosterLimits;

/** An inviter whose table takes too much text to tell a joiner of says which, and why. */
final class PreviewSourceTest {
  @TempDir Path folder;
  private TestNodes nodes;

  @AfterEach
  void close() {
    nodes.close();
  }

  private PlainSql found(String table) {
    nodes = new TestNodes(folder, 1);
    PlainSql app = nodes.database("vps", table);
    nodes.found("vps");
    return app;
  }

  private void refused(String why) {
    assertThatThrownBy(() -> nodes.mesh("vps").preview())
        .isInstanceOfSatisfying(
            MeshException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.TABLE_UNSUPPORTED);
              assertThat(e.remedy()).contains("fazt mesh untrack notes");
            })
        .hasMessageContaining("table notes")
        .hasMessageContaining(why);
  }

  private static String padded(String sql, int bytes) {
    return sql + " /*" + "-".repeat(bytes - sql.length() - 6) + "*/)";
  }

  @Test
  void thirtyTwoIndexesAreToldOfAndOneMoreIsNot() {
    PlainSql app = found("CREATE TABLE notes (id TEXT PRIMARY KEY, v)");
    for (int i = 0; i < RosterLimits.INDEXES_MAX; i++) {
      app.run("CREATE INDEX i" + i + " ON notes (v)");
    }
    assertThat(nodes.mesh("vps").preview().next()).isPresent();
    app.run("CREATE INDEX more ON notes (v)");
    refused("it has 33 indexes, and 32 is the most");
  }

  @Test
  void anIndexOfSixteenKibibytesIsToldOfAndALongerOneIsNot() {
    PlainSql app = found("CREATE TABLE notes (id TEXT PRIMARY KEY, v)");
    app.run(padded("CREATE INDEX i ON notes (v", RosterLimits.INDEX_SQL_BYTES_MAX));
    assertThat(nodes.mesh("vps").preview().next()).isPresent();
    app.run(padded("CREATE INDEX j ON notes (v", RosterLimits.INDEX_SQL_BYTES_MAX + 1));
    refused("a CREATE INDEX of it takes 16385 bytes, and 16384 is the most");
  }

  @Test
  void aTableOf128KibibytesIsToldOf() {
    found(padded("CREATE TABLE notes (id TEXT PRIMARY KEY, v", RosterLimits.TABLE_SQL_BYTES_MAX));
    assertThat(nodes.mesh("vps").preview().next()).isPresent();
  }

  @Test
  void aLongerTableIsNot() {
    found(
        padded("CREATE TABLE notes (id TEXT PRIMARY KEY, v", RosterLimits.TABLE_SQL_BYTES_MAX + 1));
    refused("its CREATE TABLE takes 131073 bytes, and 131072 is the most");
  }
}
