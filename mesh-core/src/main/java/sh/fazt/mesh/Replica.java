package sh.fazt.mesh;

import java.nio.file.Files;
import java.nio.file.Path;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.capture.OwnSite;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.KeyFolder;
import sh.fazt.mesh.store.MeshTables;
import sh.fazt.mesh.store.Meta;
import sh.fazt.mesh.store.Meta.Fact;
import sh.fazt.mesh.store.SiteBook;

/** Finds a replica on disk and makes out who it is. */
final class Replica {
  private Replica() {}

  /** Opens a database that takes part in a mesh. */
  static Database open(Path file) {
    requireFile(file);
    Database database = Database.open(file);
    if (!MeshTables.exist(database)) {
      database.close();
      throw new MeshException(
          ErrorCode.NOT_INITIALIZED, file + " is not part of a mesh", "fazt mesh init");
    }
    return database;
  }

  /**
   * Where a file cannot be opened for writing, also for a fault of the moment, SQLite opens it for
   * reading, and stays with that.
   */
  static void requireWritable(Database database) {
    database.write(() -> database.execute("DELETE FROM _mesh_applying"));
  }

  static void requireFile(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new MeshException(
          ErrorCode.NO_DATABASE,
          "there is no database " + file,
          "Name the file of a database with --db FILE");
    }
  }

  /** The key in the folder beside the database, which must be the one that the database names. */
  static SigningKey nodeKey(Database database, KeyFolder folder) {
    SigningKey key =
        folder
            .nodeKey()
            .orElseThrow(() -> keysMissing("the node's key is missing from " + folder.path()));
    Bytes named = new Meta(database).bytes(Fact.NODE).orElse(Bytes.EMPTY);
    if (!key.verifyKey().value().equals(named)) {
      throw keysMissing("the key in " + folder.path() + " is another node's");
    }
    return key;
  }

  private static MeshException keysMissing(String message) {
    return new MeshException(
        ErrorCode.KEYS_MISSING,
        message + "; the database was copied or restored without it",
        "fazt mesh leave");
  }

  /**
   * This node as an author. A database that is older than its node's last signature was restored
   * from a copy: it goes on as a new incarnation, so that no batch number is used twice. Inside a
   * write transaction.
   */
  static OwnSite site(Database database, KeyFolder folder, SigningKey key, SiteBook sites) {
    Meta meta = new Meta(database);
    int incarnation = meta.integer(Fact.INCARNATION).orElse(1L).intValue();
    KeyFolder.HighWater mark = folder.highWater().orElse(new KeyFolder.HighWater(incarnation, 0));
    long held = sites.progress(new SiteId(key.verifyKey(), incarnation)).seq();
    if (mark.isBeyond(incarnation, held)) {
      incarnation = Math.max(incarnation, mark.incarnation()) + 1;
      meta.put(Fact.INCARNATION, Value.of(incarnation));
    }
    SiteId site = new SiteId(key.verifyKey(), incarnation);
    sites.number(site);
    return new OwnSite(meshId(meta), site, key, meta.integer(Fact.SENIORITY).orElse(0L).intValue());
  }

  static MeshId meshId(Meta meta) {
    return new MeshId(
        new Hash(
            meta.bytes(Fact.MESH)
                .orElseThrow(() -> new IllegalStateException("the database names no mesh"))));
  }
}
