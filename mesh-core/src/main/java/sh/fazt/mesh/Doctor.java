package sh.fazt.mesh;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.schema.SqlText;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.KeyFolder;
import sh.fazt.mesh.store.MeshTables;

/**
 * Looks an installation over, from its files to its tables, and goes on where something is broken.
 * It only reads, and works beside a running node as well as without one.
 */
public final class Doctor {
  private static final long MEBIBYTE = 1 << 20;

  /** Less free space than this is too little for anybody. */
  private static final long FREE_BYTES_MIN = 16 * MEBIBYTE;

  /** Less than this, or than the database has, will not do for long. */
  private static final long FREE_BYTES_LOW = 256 * MEBIBYTE;

  private final Path file;
  private final List<Finding> findings = new ArrayList<>();

  private Doctor(Path file) {
    this.file = file;
  }

  /** Checks everything of a replica that is on disk. */
  public static List<Finding> examine(Path file) {
    Doctor doctor = new Doctor(file);
    doctor.look();
    return List.copyOf(doctor.findings);
  }

  private void look() {
    Optional<Database> opened = open();
    if (opened.isPresent()) {
      try (Database database = opened.get()) {
        boolean whole = check("INTEGRITY", () -> integrity(database));
        check("JOURNAL", () -> journal(database));
        boolean member = check("MESH", () -> membership(database));
        KeyFolder folder = KeyFolder.of(file);
        findings.addAll(new KeyChecks(folder, member ? opened : Optional.empty()).all());
        if (member && whole) {
          ReplicaChecks replica = new ReplicaChecks(database);
          replica.checks().forEach(this::check);
        }
      }
    } else if (Files.exists(file)) {
      findings.addAll(new KeyChecks(KeyFolder.of(file), Optional.empty()).all());
    }
    check("DISK", this::disk);
  }

  /** Runs one check; what it fails with is what it found. Returns whether all was well. */
  private boolean check(String name, Supplier<Finding> check) {
    Finding finding;
    try {
      finding = check.get();
    } catch (MeshException e) {
      finding = Finding.failed(name, e);
    } catch (IllegalStateException e) {
      finding =
          Finding.failed(
              name,
              "what the mesh keeps in " + file + " does not fit together: " + e.getMessage(),
              "Put back a copy of the file, or leave the mesh with fazt mesh leave --force and join"
                  + " again");
    }
    findings.add(finding);
    return finding.level() != Finding.Level.FAILED;
  }

  private Optional<Database> open() {
    try {
      Replica.requireFile(file);
      Database database = Database.openToRead(file);
      long kibibytes =
          database.scalar("PRAGMA page_count") * database.scalar("PRAGMA page_size") / 1024;
      String version =
          database.first("SELECT sqlite_version()").map(SqlText::plain).orElse("unknown");
      findings.add(
          Finding.ok("DATABASE", file + " opens, " + kibibytes + " KiB, SQLite " + version));
      return Optional.of(database);
    } catch (MeshException e) {
      findings.add(Finding.failed("DATABASE", e));
      return Optional.empty();
    }
  }

  private Finding integrity(Database database) {
    String verdict = database.first("PRAGMA quick_check(1)").map(SqlText::plain).orElse("nothing");
    if (verdict.equals("ok")) {
      return Finding.ok("INTEGRITY", "quick_check finds no damage");
    }
    return Finding.failed(
        "INTEGRITY",
        new MeshException(
            ErrorCode.DATABASE_CORRUPT,
            file + " is damaged: " + verdict,
            "sqlite3 " + SqlText.shell(file.toString()) + " .recover"));
  }

  private Finding journal(Database database) {
    String mode = database.first("PRAGMA journal_mode").map(SqlText::plain).orElse("unknown");
    if (mode.equals("wal")) {
      return Finding.ok(
          "JOURNAL",
          "journal mode wal; a program that writes needs a busy timeout of its own, such as PRAGMA"
              + " busy_timeout = 5000");
    }
    return Finding.warning(
        "JOURNAL",
        "journal mode " + mode + ", in which readers and writers block one another",
        "sqlite3 " + SqlText.shell(file.toString()) + " 'PRAGMA journal_mode = WAL'");
  }

  private Finding membership(Database database) {
    if (!MeshTables.exist(database)) {
      throw new MeshException(
          ErrorCode.NOT_INITIALIZED, file + " is not part of a mesh", "fazt mesh init");
    }
    MeshView view = new MeshView(database);
    long members = view.roster().members().stream().filter(each -> each.active()).count();
    if (!view.roster().admits(view.node())) {
      return Finding.failed(
          "MESH",
          "this node is no member any more; the others take nothing from it",
          "fazt mesh leave");
    }
    return Finding.ok(
        "MESH", "node " + view.name() + " in a mesh of " + Finding.count(members, "node"));
  }

  private Finding disk() {
    Path place = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    String see = "df -h " + SqlText.shell(place.toString());
    try {
      FileStore store = Files.getFileStore(place);
      long free = store.getUsableSpace();
      long size = Files.exists(file) ? Files.size(file) : 0;
      String message = free / MEBIBYTE + " MiB free on the disk that holds it";
      if (free < FREE_BYTES_MIN) {
        return Finding.failed("DISK", message, see);
      }
      return free < Math.max(FREE_BYTES_LOW, size)
          ? Finding.warning("DISK", message, see)
          : Finding.ok("DISK", message);
    } catch (IOException e) {
      return Finding.warning("DISK", "cannot tell how much space is free: " + e.getMessage(), see);
    }
  }
}
