package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.Value;

/** The mesh's own tables in the application's file: made at init, gone without trace at leave. */
public final class MeshTables {
  private static final List<String> DDL =
      List.of(
          """
          CREATE TABLE _mesh_meta (
            name TEXT PRIMARY KEY,
            value BLOB NOT NULL
          ) WITHOUT ROWID""",
          """
          CREATE TABLE _mesh_table (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL COLLATE NOCASE UNIQUE,
            tracked INTEGER NOT NULL DEFAULT 1,
            genesis_phase TEXT NOT NULL,
            genesis_after BLOB,
            guarded INTEGER NOT NULL DEFAULT 1,
            holding INTEGER NOT NULL DEFAULT 0
          )""",
          """
          CREATE TABLE _mesh_column (
            tbl INTEGER NOT NULL,
            number INTEGER NOT NULL,
            name TEXT NOT NULL COLLATE NOCASE,
            state TEXT NOT NULL DEFAULT 'THERE',
            PRIMARY KEY (tbl, number)
          ) WITHOUT ROWID""",
          """
          CREATE TABLE _mesh_site (
            number INTEGER PRIMARY KEY,
            node BLOB NOT NULL,
            incarnation INTEGER NOT NULL,
            head_seq INTEGER NOT NULL DEFAULT 0,
            head_hash BLOB,
            clock INTEGER NOT NULL,
            shown_seq INTEGER NOT NULL DEFAULT 0,
            shown_part INTEGER NOT NULL DEFAULT 0,
            shown_held TEXT,
            forked_at INTEGER,
            floor_seq INTEGER NOT NULL DEFAULT 0,
            taken_seq INTEGER NOT NULL DEFAULT 0,
            taken_hash BLOB,
            UNIQUE (node, incarnation)
          )""",
          """
          CREATE TABLE _mesh_seen (
            site INTEGER NOT NULL,
            other INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            clock INTEGER NOT NULL,
            moved_at INTEGER NOT NULL,
            PRIMARY KEY (site, other)
          ) WITHOUT ROWID""",
          """
          CREATE TABLE _mesh_batch (
            id INTEGER PRIMARY KEY,
            site INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            hash BLOB NOT NULL,
            low INTEGER NOT NULL,
            clock INTEGER NOT NULL,
            genesis INTEGER NOT NULL,
            last INTEGER NOT NULL,
            changes INTEGER NOT NULL,
            deletes INTEGER NOT NULL,
            received_at INTEGER NOT NULL,
            envelope BLOB NOT NULL
          )""",
          "CREATE UNIQUE INDEX _mesh_batch_dot ON _mesh_batch (site, seq)",
          "CREATE INDEX _mesh_batch_low ON _mesh_batch (site, low)",
          "CREATE INDEX _mesh_batch_last ON _mesh_batch (site, seq) WHERE last = 1",
          """
          CREATE TABLE _mesh_carried (
            carrier INTEGER PRIMARY KEY,
            site INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            hash BLOB NOT NULL,
            previous BLOB NOT NULL,
            branch BLOB NOT NULL,
            low INTEGER NOT NULL,
            high INTEGER NOT NULL,
            genesis INTEGER NOT NULL
          )""",
          "CREATE INDEX _mesh_carried_dot ON _mesh_carried (site, seq)",
          "CREATE INDEX _mesh_carried_hash ON _mesh_carried (hash)",
          "CREATE INDEX _mesh_carried_branch ON _mesh_carried (branch)",
          """
          CREATE TABLE _mesh_parked (
            batch INTEGER NOT NULL,
            position INTEGER NOT NULL,
            tbl TEXT NOT NULL,
            reason TEXT NOT NULL,
            detail TEXT NOT NULL,
            due INTEGER NOT NULL,
            PRIMARY KEY (batch, position)
          ) WITHOUT ROWID""",
          """
          CREATE TABLE _mesh_held (
            tbl INTEGER NOT NULL,
            key BLOB NOT NULL,
            at INTEGER NOT NULL,
            since INTEGER NOT NULL,
            released INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (tbl, key)
          ) WITHOUT ROWID""",
          """
          CREATE TABLE _mesh_gone (
            tbl INTEGER NOT NULL,
            site INTEGER NOT NULL,
            minute INTEGER NOT NULL,
            gone INTEGER NOT NULL,
            PRIMARY KEY (tbl, site, minute)
          ) WITHOUT ROWID""",
          """
          CREATE TABLE _mesh_aside (
            tbl INTEGER NOT NULL,
            key BLOB NOT NULL,
            cells BLOB NOT NULL,
            reason TEXT NOT NULL,
            since INTEGER NOT NULL,
            tried INTEGER NOT NULL,
            PRIMARY KEY (tbl, key)
          ) WITHOUT ROWID""",
          """
          CREATE TABLE _mesh_cell (
            tbl INTEGER NOT NULL,
            key BLOB NOT NULL,
            col INTEGER NOT NULL,
            state BLOB NOT NULL,
            PRIMARY KEY (tbl, key, col)
          ) WITHOUT ROWID""",
          """
          CREATE TABLE _mesh_conflict (
            id INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            tbl TEXT NOT NULL,
            key BLOB NOT NULL,
            col TEXT NOT NULL,
            lost BLOB NOT NULL,
            lost_site INTEGER NOT NULL,
            lost_hlc INTEGER NOT NULL,
            kept_site INTEGER NOT NULL,
            kept_hlc INTEGER NOT NULL,
            rule TEXT NOT NULL,
            settled INTEGER NOT NULL DEFAULT 0
          )""",
          """
          CREATE UNIQUE INDEX _mesh_conflict_lost
            ON _mesh_conflict (tbl, key, col, lost_site, lost_hlc)""",
          "CREATE INDEX _mesh_conflict_open ON _mesh_conflict (tbl, key) WHERE settled = 0",
          """
          CREATE TABLE _mesh_fork (
            site INTEGER PRIMARY KEY,
            seq INTEGER NOT NULL,
            found_at INTEGER NOT NULL,
            ours BLOB NOT NULL,
            theirs BLOB NOT NULL
          )""",
          """
          CREATE TABLE _mesh_op (
            number INTEGER PRIMARY KEY,
            hash BLOB NOT NULL UNIQUE,
            bytes BLOB NOT NULL
          )""",
          """
          CREATE TABLE _mesh_invite (
            id BLOB PRIMARY KEY,
            expires INTEGER NOT NULL,
            bad_proofs INTEGER NOT NULL DEFAULT 0,
            spent_by BLOB,
            revoked INTEGER NOT NULL DEFAULT 0
          ) WITHOUT ROWID""",
          """
          CREATE TABLE _mesh_peer (
            node BLOB PRIMARY KEY,
            addresses TEXT NOT NULL,
            last_sync INTEGER NOT NULL
          ) WITHOUT ROWID""",
          """
          CREATE TABLE _mesh_ack (
            node BLOB PRIMARY KEY,
            said BLOB NOT NULL
          ) WITHOUT ROWID""",
          "CREATE TABLE _mesh_applying (flag INTEGER)");

  private MeshTables() {}

  public static boolean exist(Database database) {
    return database.scalar("SELECT count(*) FROM sqlite_schema WHERE name = '_mesh_meta'") > 0;
  }

  /** Makes the tables; inside a write transaction. */
  public static void create(Database database) {
    DDL.forEach(database::run);
  }

  /**
   * Drops the triggers and then the tables, so that at no moment a trigger names a table that is
   * gone; inside a write transaction.
   */
  public static void dropAll(Database database) {
    for (String type : List.of("trigger", "table")) {
      for (String name : ownNames(database, type)) {
        database.run("DROP " + type + " " + Identifier.quoted(name));
      }
    }
  }

  private static List<String> ownNames(Database database, String type) {
    List<String> names = new ArrayList<>();
    String sql = "SELECT name FROM sqlite_schema WHERE type = ? AND name GLOB '_mesh_*'";
    try (Rows rows = database.query(sql, Value.of(type))) {
      while (rows.next()) {
        names.add(rows.text(0));
      }
    }
    return names;
  }
}
