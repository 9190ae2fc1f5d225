package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.fault.MeshException;

class MissingDatabaseTest {
  @TempDir Path folder;

  /** What was kept before a join or a mass of deletes is no database to work on. */
  @Test
  void copiesAreNotOffered() throws Exception {
    new SqliteFile(folder.resolve("vps.db")).run("CREATE TABLE t (a)");
    for (String copy :
        List.of(
            "vps.db.before-join-20261122",
            "vps.db.before-join-20261122-2",
            "vps.db.before-allow-20261122",
            "vps.db.bak",
            "vps.bak.db",
            "vps_backup.db",
            "vps.db~")) {
      Files.copy(folder.resolve("vps.db"), folder.resolve(copy));
    }
    MeshException fault =
        catchThrowableOfType(
            MeshException.class, () -> MissingDatabase.check(folder.resolve("none.db")));
    assertThat(fault.remedy()).hasValue("Name one that is there: --db " + folder.resolve("vps.db"));
  }
}
