package sh.fazt.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.schema.SqlText;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.KeyFolder;
import sh.fazt.mesh.store.KeyFolder.HighWater;
import sh.fazt.mesh.store.Meta;
import sh.fazt.mesh.store.Meta.Fact;
import sh.fazt.mesh.store.SiteBook;

/** Checks what lies beside a database: the key, who may read it, and the high-water mark. */
final class KeyChecks {
  private final KeyFolder folder;
  private final Optional<Database> replica;

  /**
   * @param replica the database, if it is part of a mesh
   */
  KeyChecks(KeyFolder folder, Optional<Database> replica) {
    this.folder = folder;
    this.replica = replica;
  }

  List<Finding> all() {
    boolean there = Files.isDirectory(folder.path());
    if (!there && replica.isEmpty()) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    if (there) {
      findings.add(modes("KEY_FOLDER", folder.path(), "rwx------", "700"));
    }
    Finding key = key();
    findings.add(key);
    if (there && key.level() != Finding.Level.FAILED) {
      replica.ifPresent(database -> findings.add(highWater(database)));
    }
    return findings;
  }

  private static Finding modes(String check, Path path, String wanted, String mode) {
    try {
      Set<PosixFilePermission> given = Files.getPosixFilePermissions(path);
      if (PosixFilePermissions.fromString(wanted).containsAll(given)) {
        return Finding.ok(check, path + " is its owner's alone");
      }
      return Finding.warning(
          check,
          path + " is open to others: " + PosixFilePermissions.toString(given),
          "chmod " + mode + " " + SqlText.shell(path.toString()));
    } catch (IOException | UnsupportedOperationException e) {
      return Finding.warning(
          check,
          "cannot tell who may read " + path + ": " + e.getMessage(),
          "ls -ld " + SqlText.shell(path.toString()));
    }
  }

  private Finding key() {
    try {
      if (replica.isPresent()) {
        Replica.nodeKey(replica.get(), folder);
      } else if (folder.nodeKey().isEmpty()) {
        return Finding.ok("NODE_KEY", folder.path() + " holds no key, and needs none yet");
      }
      Finding modes = modes("NODE_KEY", folder.keyFile(), "rw-------", "600");
      return modes.level() == Finding.Level.OK
          ? Finding.ok("NODE_KEY", "the node's key is there, and its owner's alone")
          : modes;
    } catch (MeshException e) {
      return Finding.failed("NODE_KEY", e);
    }
  }

  private Finding highWater(Database database) {
    try {
      Optional<HighWater> mark = folder.highWater();
      Meta meta = new Meta(database);
      VerifyKey node =
          new VerifyKey(
              meta.bytes(Fact.NODE)
                  .orElseThrow(() -> new IllegalStateException("the database names no node")));
      int incarnation = meta.integer(Fact.INCARNATION).orElse(1L).intValue();
      long held = new SiteBook(database).progress(new SiteId(node, incarnation)).seq();
      return highWater(mark, new HighWater(incarnation, held));
    } catch (MeshException e) {
      return Finding.failed("HIGH_WATER", e);
    }
  }

  private Finding highWater(Optional<HighWater> mark, HighWater held) {
    if (mark.isEmpty()) {
      return held.seq() == 0
          ? Finding.ok("HIGH_WATER", "this node has signed no batch yet")
          : Finding.warning(
              "HIGH_WATER",
              "the mark of what this node has signed is missing from " + folder.path(),
              "fazt mesh daemon --detach");
    }
    long ahead = mark.get().incarnation() == held.incarnation() ? mark.get().seq() - held.seq() : 0;
    if (ahead > 0 || mark.get().incarnation() > held.incarnation()) {
      return Finding.warning(
          "HIGH_WATER",
          "the database is an older copy of itself: this node has signed "
              + (ahead == 1 ? "a batch" : "batches")
              + " that it lacks; it goes on as a new incarnation when it starts",
          "fazt mesh daemon --detach");
    }
    return Finding.ok(
        "HIGH_WATER",
        "the database holds all that this node has signed, up to batch " + held.seq());
  }
}
