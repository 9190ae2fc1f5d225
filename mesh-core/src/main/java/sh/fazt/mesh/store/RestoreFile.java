package sh.fazt.mesh.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;

/**
 * A database beside the database that keeps rows which are about to go. It has their tables, is
 * made with the first row, and can be read by the same people. Confined.
 */
public final class RestoreFile implements AutoCloseable {
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd");
  private static final int A_DAY_MAX = 1_000;

  private final Database source;
  private final long nowMillis;
  private final Map<Integer, UserTable> tables = new LinkedHashMap<>();
  private final Map<Integer, UserTable> refused = new LinkedHashMap<>();
  private Optional<Database> copy = Optional.empty();

  /** Keeps rows of {@code source}, in a file named after the day. */
  public RestoreFile(Database source, long nowMillis) {
    this.source = source;
    this.nowMillis = nowMillis;
  }

  private Path free() {
    String day = DAY.format(Instant.ofEpochMilli(nowMillis).atZone(ZoneId.systemDefault()));
    Path first = source.file().resolveSibling(source.file().getFileName() + ".before-allow-" + day);
    Path free = first;
    for (int number = 2; Files.exists(free); number++) {
      if (number > A_DAY_MAX) {
        throw new MeshException(
            ErrorCode.FAILURE, "too many copies already: " + first + "…", "ls " + first + "*");
      }
      free = first.resolveSibling(first.getFileName() + "-" + number);
    }
    return free;
  }

  /** The file, if a row was kept. */
  public Optional<Path> path() {
    return copy.map(Database::file);
  }

  /** Keeps rows, durably; what {@code rows} gives is their values by column. */
  public void keep(TableAccess access, Map<RowKey, Map<Column, Value>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    Database opened = copy.orElseGet(this::make);
    copy = Optional.of(opened);
    opened.write(
        () -> {
          UserTable table =
              tables.computeIfAbsent(
                  access.table().number(), number -> table(opened, access.table()));
          rows.forEach(
              (key, cells) -> insert(table, key, cells, () -> refused(opened, access.table())));
          return true;
        });
  }

  /** Rows that were held may break a rule of their table by now: none of them stood in it. */
  private void insert(
      UserTable table, RowKey key, Map<Column, Value> cells, Supplier<UserTable> refused) {
    Optional<String> refusal =
        table.insert(key, cells).flatMap(rule -> refused.get().insert(key, cells));
    if (refusal.isPresent()) {
      throw new MeshException(
          ErrorCode.FAILURE,
          "cannot keep a row in " + path().orElseThrow() + ": " + refusal.get(),
          "fazt mesh allow --undo");
    }
  }

  /** A table without rules, for rows that a rule refuses. */
  private UserTable refused(Database opened, TrackedTable table) {
    String name = Identifier.OWN_PREFIX + "refused_" + table.name();
    return refused.computeIfAbsent(
        table.number(),
        number -> {
          opened.run(
              "CREATE TABLE %s AS SELECT * FROM %s WHERE 0"
                  .formatted(Identifier.quoted(name), Identifier.quoted(table.name())));
          TrackedTable without =
              new TrackedTable(number, table.shape().called(name), table.columnNumbers());
          return new UserTable(opened, without, shadows(opened, without));
        });
  }

  private static ShadowTable shadows(Database opened, TrackedTable table) {
    return new ShadowTable(opened, table, new SiteBook(opened));
  }

  private Database make() {
    Path path = free();
    try {
      Files.createFile(
          path, PosixFilePermissions.asFileAttribute(Files.getPosixFilePermissions(source.file())));
    } catch (IOException e) {
      throw FileFaults.translate("cannot make " + path, path, e);
    }
    return Database.open(path);
  }

  private UserTable table(Database opened, TrackedTable table) {
    String sql =
        source
            .first(
                "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE",
                Value.of(table.name()))
            .map(value -> ((Value.Text) value).utf8().asUtf8())
            .orElseThrow(() -> new IllegalStateException("no table " + table.name()));
    opened.runFirst(sql);
    return new UserTable(opened, table, shadows(opened, table));
  }

  @Override
  public void close() {
    copy.ifPresent(Database::close);
  }
}
