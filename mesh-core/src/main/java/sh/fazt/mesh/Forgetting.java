package sh.fazt.mesh;

import java.util.Optional;
import java.util.function.Consumer;
import sh.fazt.mesh.apply.Forgettable;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.delta.Trimmed;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.FloorBook;
import sh.fazt.mesh.store.Meta;
import sh.fazt.mesh.store.Meta.Fact;
import sh.fazt.mesh.store.SiteBook;

/*
 Why nothing comes back. A delete whose batch was trimmed is shown by every member; whatever a
 member writes from then on it writes after that delete, and what it wrote before lies in what it
 is on record to show, which is all here before anything is forgotten, and merged. No batch that
 tells of the row is given to anybody any more: they are below the floor here, and who lacks them
 takes a state in which the row is not. So no write of a life that has ended can still arrive, and
 one that begins a life anew is stamped after the delete, since a clock never starts below what was
 trimmed. A day goes by between the floor and the forgetting, for whatever is under way.
*/
/**
 * Forgets dead rows, once a day, in small steps: those of which all was trimmed a day ago, that no
 * batch of the log tells of, and that nothing here needs. Confined.
 */
final class Forgetting {
  /** Between two looks for what can be forgotten; and from the trimming of it until then. */
  static final long GAP_MILLIS = 24 * 60 * 60 * 1000L;

  private final Database database;
  private final Consumer<Runnable> writer;
  private final Meta meta;
  private final SiteBook sites;
  private final ChangeLog log;
  private final Catalog catalog;
  private final Membership membership;
  private final Acknowledging acknowledging;
  private final Ambient ambient;
  private Optional<ForgettingPass> pass = Optional.empty();

  /**
   * @param writer runs work in one write transaction, and rolls it back if it throws
   */
  Forgetting(
      Database database,
      Consumer<Runnable> writer,
      Catalog catalog,
      SiteBook sites,
      ChangeLog log,
      Membership membership,
      Acknowledging acknowledging,
      Ambient ambient) {
    this.database = database;
    this.writer = writer;
    this.meta = new Meta(database);
    this.sites = sites;
    this.log = log;
    this.catalog = catalog;
    this.membership = membership;
    this.acknowledging = acknowledging;
    this.ambient = ambient;
  }

  /** Up to which floors what is dead may be forgotten, a day after that was known. */
  private record Noted(long atMillis, Summary floors) {
    Value stored() {
      ByteWriter out = new ByteWriter().u64(atMillis);
      floors.writeTo(out);
      return Value.of(out.toBytes());
    }

    static Noted of(Bytes stored) {
      try {
        ByteReader in = new ByteReader(stored);
        return new Noted(in.u64(), Summary.readFrom(in));
      } catch (MalformedException e) {
        throw new IllegalStateException("malformed: " + stored, e);
      }
    }
  }

  /** Whether a walk has begun and is not at its end. */
  boolean isUnderWay() {
    return pass.isPresent();
  }

  /**
   * One turn.
   *
   * @return whether another has something to do at once
   */
  boolean step() {
    boolean may =
        meta.find(Fact.FORGETS).isPresent()
            && meta.find(Fact.KEEP_LOG).isPresent()
            && membership.mayWrite()
            && database.hasWriteAheadLog()
            && !catalog.isStale();
    if (!may) {
      pass = Optional.empty();
      return false;
    }
    if (pass.isEmpty()) {
      pass = begun();
    }
    Optional<ForgettingPass> walk = pass;
    // A walk that fails begins anew.
    pass = Optional.empty();
    boolean more = walk.map(ForgettingPass::turn).orElse(false);
    if (more) {
      pass = walk;
    } else if (walk.isPresent()) {
      writer.accept(this::note);
    }
    return more;
  }

  private Optional<ForgettingPass> begun() {
    Optional<Noted> noted = meta.bytes(Fact.FORGETTABLE).map(Noted::of);
    long now = ambient.now();
    if (noted.isEmpty() || noted.get().atMillis() > now) {
      if (!sites.floors().heads().isEmpty()) {
        writer.accept(this::note);
      }
      return Optional.empty();
    }
    boolean due = now - noted.get().atMillis() >= GAP_MILLIS && showsWhatAllShow();
    return due ? Optional.of(new ForgettingPass(parts(noted.get().floors()))) : Optional.empty();
  }

  private void note() {
    meta.put(Fact.FORGETTABLE, new Noted(ambient.now(), sites.floors()).stored());
  }

  /** Whether all is shown here that any member is on record to show, and that counts. */
  private boolean showsWhatAllShow() {
    Summary shown = sites.shownSummary();
    Roster roster = membership.roster();
    return acknowledging.known().stream()
        .filter(said -> roster.member(said.node()).filter(Member::active).isPresent())
        .flatMap(said -> said.shown().heads().entrySet().stream())
        .allMatch(
            head -> {
              long chain = sites.forkedAt(head.getKey()).orElse(Long.MAX_VALUE) - 1;
              long counts = Math.min(chain, roster.authors().limit(head.getKey()));
              return shown.seq(head.getKey()) >= Math.min(head.getValue().seq(), counts);
            });
  }

  private ForgettingPass.Parts parts(Summary floors) {
    FloorBook book = catalog.floors();
    Trimmed trimmed = book.trimmed(book.floors(floors));
    Forgettable forgettable = new Forgettable(database, catalog, sites, trimmed);
    return new ForgettingPass.Parts(database, writer, catalog, log, forgettable);
  }
}
