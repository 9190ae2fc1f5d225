package sh.fazt.mesh.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.DeltaCursor;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.commands.SqliteFile;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * Lets the first system call of a harvest, an apply and an opening fail, then the second, and so on
 * until one passes untouched; run in a process that {@link Faults} can reach. After each fault the
 * same replica must go on, or be opened again, and nothing be lost, given out twice or left behind.
 *
 * <p>Two databases that are members of one mesh; this carries their batches itself.
 */
final class FaultWalk implements AutoCloseable {
  private static final int STEPS_MAX = 2_000;

  private final Path folder;
  private final Faults faults;
  private final SqliteFile file;
  private final SqliteFile otherFile;
  private final Mesh other;
  private Mesh mesh;
  private long written;
  private long givenOut;

  private FaultWalk(Path folder, Faults faults) {
    this.folder = folder;
    this.faults = faults;
    this.file = new SqliteFile(folder.resolve("laptop.db"));
    this.otherFile = new SqliteFile(folder.resolve("vps.db"));
    this.other = Mesh.open(otherFile.path(), Ambient.system());
    this.mesh = Mesh.open(file.path(), Ambient.system());
    level();
    this.givenOut = seq();
  }

  /** What is done while calls fail. */
  enum Deed {
    HARVEST,
    APPLY,
    OPEN
  }

  /** {@code FaultWalk FOLDER CONTROL}; prints what each walk came to. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Faults faults = Faults.steering(Path.of(arguments[1]));
    try (FaultWalk walk = new FaultWalk(folder, faults)) {
      for (Faults.Fault fault : Faults.Fault.values()) {
        for (Deed deed : Deed.values()) {
          for (long count : new long[] {1, Faults.ALL}) {
            int steps = walk.walk(fault, deed, count);
            System.out.printf("%s %s %s: %d%n", fault, deed, count == 1 ? "once" : "on", steps);
          }
        }
      }
    }
  }

  /** Returns how many faults it took until none was met. */
  private int walk(Faults.Fault fault, Deed deed, long count) throws Exception {
    int step = 0;
    boolean met = true;
    while (met) {
      if (++step > STEPS_MAX) {
        throw new AssertionError(fault + " " + deed + " never ends");
      }
      try {
        met = step(fault, deed, step, count);
      } catch (RuntimeException | Error | IOException | SQLException e) {
        throw new AssertionError(fault + " at call " + step + " of " + deed, e);
      }
    }
    return step - 1;
  }

  private boolean step(Faults.Fault fault, Deed deed, int step, long count) throws Exception {
    String row = "('row " + ++written + "', 'x', " + step + ")";
    if (deed == Deed.APPLY) {
      otherFile.run("INSERT OR REPLACE INTO items VALUES " + row);
      other.harvest();
    } else {
      file.run("INSERT OR REPLACE INTO items VALUES " + row);
    }
    if (deed == Deed.OPEN) {
      mesh.close();
    }
    faults.arm(fault, step, count, "laptop.db");
    try {
      attempt(deed);
    } finally {
      faults.heal();
    }
    boolean met = faults.failed() > 0;
    if (step % 3 == 0 && met) {
      reopen();
    }
    level();
    return met;
  }

  /** Does it, or is told why not; nothing else may come of it. */
  private void attempt(Deed deed) throws IOException {
    try {
      switch (deed) {
        case HARVEST -> harvest();
        case APPLY -> carry(other, mesh);
        case OPEN -> mesh = Mesh.open(file.path(), Ambient.system());
      }
    } catch (MeshException e) {
      if (deed == Deed.OPEN) {
        faults.heal();
        mesh = Mesh.open(file.path(), Ambient.system());
      }
    }
  }

  private void reopen() {
    try {
      mesh.close();
    } finally {
      mesh = Mesh.open(file.path(), Ambient.system());
      givenOut = seq();
    }
  }

  /** All that was written is on both, and every batch was given out once, in a row. */
  private void level() {
    try {
      harvest();
      carry(mesh, other);
      other.harvest();
      carry(other, mesh);
      harvest();
      carry(mesh, other);
      requireLevel();
    } catch (IOException | SQLException e) {
      throw new AssertionError(e);
    }
  }

  private void requireLevel() throws SQLException {
    if (!mesh.summary().equals(other.summary())) {
      throw new AssertionError("one lacks what the other has");
    }
    if (givenOut != seq()) {
      throw new AssertionError("given out are " + givenOut + " of " + seq());
    }
    List<String> wrong = new ArrayList<>(CrashJudge.differing(file, otherFile));
    wrong.addAll(file.rows("SELECT * FROM _mesh_fork"));
    wrong.addAll(otherFile.rows("SELECT * FROM _mesh_fork"));
    long rows =
        Long.parseLong(file.rows("SELECT count(*) FROM items WHERE id LIKE 'row %'").get(0));
    if (rows != written || !wrong.isEmpty() || mesh.site().incarnation() != 1) {
      throw new AssertionError(rows + " rows of " + written + ", " + mesh.site() + " " + wrong);
    }
  }

  private long seq() {
    return mesh.summary().seq(mesh.site());
  }

  private void harvest() throws IOException {
    do {
      for (SignedBatch batch : mesh.harvest()) {
        if (batch.dot().seq() != givenOut + 1) {
          throw new AssertionError(batch.dot() + " is given out after " + givenOut);
        }
        givenOut++;
      }
      requireMarked();
    } while (mesh.hasMore());
  }

  /** No batch leaves before the high-water mark stands. */
  private void requireMarked() throws IOException {
    Path mark = folder.resolve("laptop.db.mesh").resolve("high-water");
    if (givenOut > 0) {
      long marked = Long.parseLong(Files.readString(mark).strip().split(" ", -1)[1]);
      if (marked < givenOut) {
        throw new AssertionError("marked is " + marked + " and given out " + givenOut);
      }
    }
  }

  private static void carry(Mesh from, Mesh to) {
    DeltaCursor delta = from.delta(to.summary().lacking(from.summary()));
    List<SignedBatch> page = delta.next(1 << 20);
    while (!page.isEmpty()) {
      List<Bytes> envelopes = page.stream().map(SignedBatch::envelope).toList();
      to.ingest(envelopes);
      page = delta.next(1 << 20);
    }
    to.caughtUp();
  }

  @Override
  public void close() {
    mesh.close();
    other.close();
  }
}
