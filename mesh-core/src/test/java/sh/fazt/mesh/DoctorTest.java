package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.Finding.Level;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.fault.ErrorCode;

/** What is wrong with an installation is found, whatever else is wrong, and nothing is written. */
class DoctorTest extends PairOfReplicas {
  private static final String NOTES = "CREATE TABLE notes (id TEXT PRIMARY KEY, body TEXT)";

  private List<Finding> examine(String name) {
    return Doctor.examine(nodes.file(name));
  }

  private Finding check(String name, String check) {
    return find(examine(name), check);
  }

  private static Finding find(List<Finding> findings, String check) {
    return findings.stream()
        .filter(each -> each.check().equals(check))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + check + " in " + findings));
  }

  private void warns(String check, String... parts) {
    Finding finding = check("vps", check);
    assertThat(finding.level()).as(finding.toString()).isEqualTo(Level.WARNING);
    assertThat(finding.message()).contains(parts);
    assertThat(finding.remedy()).isPresent();
  }

  private void fails(String check, ErrorCode code) {
    assertThat(check("vps", check).error()).contains(code);
    assertThat(check("vps", check).level()).isEqualTo(Level.FAILED);
    assertThat(check("vps", "DISK").level()).isNotEqualTo(Level.FAILED);
  }

  private Path keys() {
    return folder.resolve("vps.db.mesh");
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  @Test
  void aHealthyReplicaIsWellAndIsNotWrittenTo() throws IOException {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'x')");
    nodes
        .mesh("vps")
        .peers()
        .put(
            nodes.mesh("laptop").nodeKey().verifyKey(),
            new sh.fazt.mesh.store.PeerTable.Peer(List.of(), nodes.nowMillis));
    for (boolean running : List.of(true, false)) {
      if (!running) {
        nodes.closeMesh("vps");
        nodes.closeApp("vps");
      }
      Hash before = Hash.of(Bytes.wrap(Files.readAllBytes(nodes.file("vps"))));
      assertThat(examine("vps"))
          .allSatisfy(finding -> assertThat(finding.level()).isEqualTo(Level.OK))
          .extracting(Finding::check)
          .containsExactly(
              "DATABASE",
              "INTEGRITY",
              "JOURNAL",
              "MESH",
              "KEY_FOLDER",
              "NODE_KEY",
              "HIGH_WATER",
              "TABLES",
              "UNFIT_TABLES",
              "TRIGGERS",
              "NULL_KEYS",
              "PARKED",
              "HELD",
              "SET_ASIDE",
              "CONFLICTS",
              "FORKS",
              "PEERS",
              "DISK");
      assertThat(Hash.of(Bytes.wrap(Files.readAllBytes(nodes.file("vps"))))).isEqualTo(before);
    }
  }

  @Test
  void whatIsNoReplicaIsToldOfAndTheRestIsLookedAt() throws IOException {
    fails("DATABASE", ErrorCode.NO_DATABASE);
    Files.writeString(nodes.file("vps"), "Dear SQLite,\n".repeat(1000));
    fails("DATABASE", ErrorCode.NOT_A_DATABASE);
    Files.delete(nodes.file("vps"));
    nodes.database("vps", NOTES);
    fails("MESH", ErrorCode.NOT_INITIALIZED);
    assertThat(check("vps", "INTEGRITY").level()).isEqualTo(Level.OK);
  }

  @Test
  void aDamagedFileIsToldOf() throws IOException {
    pair(
        NOTES,
        "INSERT INTO notes SELECT value, hex(randomblob(500)) FROM"
            + " (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 500)"
            + " SELECT value FROM n)");
    vps("PRAGMA wal_checkpoint(TRUNCATE)");
    nodes.closeMesh("vps");
    nodes.closeApp("vps");
    try (RandomAccessFile file = new RandomAccessFile(nodes.file("vps").toFile(), "rw")) {
      // These hold the application's rows; behind them are our tables, and pages of the schema.
      for (long page = 4; page < 100; page += 2) {
        file.seek(page * 4096);
        file.write(new byte[2000]);
      }
    }
    fails("INTEGRITY", ErrorCode.DATABASE_CORRUPT);
    assertThat(check("vps", "NODE_KEY").level()).isEqualTo(Level.OK);
  }

  @Test
  void theKeyMustBeThereAndItsOwnersAlone() throws IOException {
    pair(NOTES);
    mode(keys(), "rwxr-xr-x");
    warns("KEY_FOLDER", "rwxr-xr-x");
    mode(keys(), "rwx------");
    mode(keys().resolve("node.key"), "rw-r--r--");
    fails("NODE_KEY", ErrorCode.IDENTITY_LOCKED);
    Files.delete(keys().resolve("node.key"));
    fails("NODE_KEY", ErrorCode.KEYS_MISSING);
    try (Stream<Path> files = Files.list(keys())) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(keys());
    fails("NODE_KEY", ErrorCode.KEYS_MISSING);
    assertThat(check("vps", "TRIGGERS").level()).isEqualTo(Level.OK);
  }

  @Test
  void anOlderCopyIsKnownByItsMark() throws IOException {
    pair(NOTES);
    nodes.closeMesh("vps");
    nodes.closeApp("vps");
    byte[] older = Files.readAllBytes(nodes.file("vps"));
    nodes.open("vps");
    vps("INSERT INTO notes VALUES ('a', 'x')");
    nodes.mesh("vps").harvest();
    nodes.closeMesh("vps");
    nodes.closeApp("vps");
    assertThat(check("vps", "HIGH_WATER").level()).isEqualTo(Level.OK);
    byte[] mark = Files.readAllBytes(keys().resolve("high-water"));
    Files.delete(keys().resolve("high-water"));
    warns("HIGH_WATER", "missing");
    Files.write(keys().resolve("high-water"), mark);
    Files.write(nodes.file("vps"), older);
    warns("HIGH_WATER", "older copy of itself", "a batch that it lacks");
  }

  @Test
  void triggersMustBeThereAndTheNewest() {
    pair(NOTES);
    vps("CREATE TRIGGER late AFTER UPDATE ON notes BEGIN SELECT 1; END");
    warns("TRIGGERS", "notes (another trigger is newer");
    vps("DROP TRIGGER _mesh_au_1");
    warns("TRIGGERS", "notes (missing or altered)");
    nodes.mesh("vps").harvest();
    assertThat(check("vps", "TRIGGERS").level()).isEqualTo(Level.OK);
  }

  @Test
  void tablesThatCannotReplicateAreNamedWithTheReason() {
    pair(NOTES, "CREATE TABLE keyless (a)");
    Finding unfit = check("vps", "UNFIT_TABLES");
    assertThat(unfit.level()).isEqualTo(Level.OK);
    assertThat(unfit.message()).contains("keyless (it has no PRIMARY KEY)");
    vps("DROP TABLE notes");
    warns("TABLES", "notes (not here)");
    vps("CREATE TABLE notes (id TEXT)");
    warns("TABLES", "notes (it has no PRIMARY KEY)");
  }

  @Test
  void whatDoesNotShowOrTravelIsCounted() {
    pair(NOTES, "CREATE TABLE u (id TEXT PRIMARY KEY, e TEXT UNIQUE)");
    vps("INSERT INTO notes VALUES (NULL, 'x'), ('a', 'vps')", "INSERT INTO u VALUES ('v', 'x')");
    laptop("INSERT INTO notes VALUES ('a', 'laptop')", "INSERT INTO u VALUES ('l', 'x')");
    sync();
    laptop("ALTER TABLE notes ADD COLUMN c TEXT", "UPDATE notes SET c = 'red'");
    sync();
    warns("NULL_KEYS", "notes 1");
    warns("SET_ASIDE", "1 row is set aside", "u 1");
    warns("PARKED", "1 delivered change cannot show yet");
    Finding conflicts = check("vps", "CONFLICTS");
    assertThat(conflicts.level()).isEqualTo(Level.OK);
    assertThat(conflicts.message()).contains("1 value lost");
    assertThat(conflicts.remedy()).contains("fazt mesh conflicts");
    nodes.mesh("vps").untrack(Set.of("notes"));
    assertThat(check("vps", "NULL_KEYS").level()).isEqualTo(Level.OK);
  }

  @Test
  void anotherJournalModeAndPeersNeverMetAreWarnedOf() {
    pair(NOTES);
    warns("PEERS", "laptop was never met");
    nodes.closeMesh("vps");
    vps("PRAGMA journal_mode = DELETE");
    warns("JOURNAL", "journal mode delete");
  }
}
