package sh.fazt.mesh;

import java.util.function.Consumer;
import sh.fazt.mesh.capture.GenesisRows;
import sh.fazt.mesh.capture.Harvester;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.Meta;
import sh.fazt.mesh.store.Meta.Fact;

/**
 * Takes in what was there before the mesh, a page a turn, and sends it as soon as it may be sent.
 * Confined.
 */
final class GenesisTurns {
  private final GenesisRows genesis;
  private final Harvester harvester;
  private final Meta meta;
  private final Consumer<Runnable> writer;
  private final Ambient ambient;
  private final PageSize page;
  private boolean done;
  private boolean maySend;
  private long rows;

  /**
   * @param writer runs work in one write transaction, and rolls it back if it throws
   */
  GenesisTurns(
      Database database,
      Consumer<Runnable> writer,
      GenesisRows genesis,
      Harvester harvester,
      Ambient ambient) {
    this.genesis = genesis;
    this.harvester = harvester;
    this.meta = new Meta(database);
    this.writer = writer;
    this.ambient = ambient;
    this.page = new PageSize(ambient.watch(), GenesisRows.PAGE_ROWS);
  }

  /** Whether there is nothing to take in or to send just now. */
  boolean isDone() {
    return done;
  }

  /** Takes in one page; inside a write transaction, after the harvest. */
  void takeIn() {
    page.keep(this::takePage);
  }

  private int takePage() {
    GenesisRows.Page taken = genesis.next(maySend(), page.rows(), ambient.now());
    done = taken.done();
    rows += taken.rows();
    return taken.rows();
  }

  private boolean maySend() {
    // Asked at every turn of the node, so the database is asked until it says yes, and then never.
    maySend |= meta.find(Fact.GENESIS_WAIT).isEmpty();
    return maySend && harvester.mayWrite();
  }

  /**
   * Sends the rows that were brought along, from now on.
   *
   * @return whether they had been held back
   */
  boolean send() {
    boolean waited = !maySend();
    if (waited) {
      writer.accept(() -> meta.remove(Fact.GENESIS_WAIT));
      maySend = true;
      done = false;
    }
    return waited;
  }

  /** Looks again for rows that were there before their table was tracked. */
  void lookAgain() {
    done = false;
  }

  /** How many such rows were looked at since this was made. */
  long rows() {
    return rows;
  }
}
