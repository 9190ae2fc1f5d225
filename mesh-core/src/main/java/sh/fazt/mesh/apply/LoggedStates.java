package sh.fazt.mesh.apply;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.change.Carried;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.fingerprint.RowDigest;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ParkedTable;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.wire.BadSignatureException;
import sh.fazt.mesh.wire.BatchSeal;

/**
 * Some rows, put together from the change log alone: what they would be if nothing but signed
 * batches had ever been written. Confined; one use.
 */
final class LoggedStates {
  /** Bytes of values in memory; rows of which more is needed are not proven. */
  private static final long VALUE_BYTES_MAX = 64L << 20;

  private final ChangeLog log;
  private final SiteBook sites;
  private final Map<String, Wanted> tables = new HashMap<>();
  private final ParkedTable parked;
  private final Set<Long> ids;
  private final Map<Long, LoggedRow> rows = new HashMap<>();
  private final Map<SiteId, Head> ends = new HashMap<>();
  private long valueBytes;
  private boolean broken;

  private record Wanted(int place, TrackedTable table, RowDigest digest) {}

  /**
   * @param ids of the rows to look for
   */
  LoggedStates(ChangeLog log, SiteBook sites, ParkedTable parked, Set<Long> ids) {
    this.log = log;
    this.sites = sites;
    this.parked = parked;
    this.ids = new TreeSet<>(ids);
  }

  /** Looks also at changes of this table. */
  void add(int place, TrackedTable table, RowDigest digest) {
    tables.put(Identifier.folded(table.name()), new Wanted(place, table, digest));
  }

  /**
   * Walks through the log.
   *
   * @return the last batch that was looked at
   */
  ChangeLog.Place walk() {
    ChangeLog.Place last = new ChangeLog.Place(0, Hash.ZERO);
    Optional<ChangeLog.Logged> logged = log.next(0);
    while (logged.isPresent()) {
      follow(logged.get());
      take(logged.get());
      last = new ChangeLog.Place(logged.get().number(), logged.get().hash());
      logged = log.next(logged.get().number());
    }
    broken |= lacksEnd();
    return last;
  }

  /**
   * Whether the log holds every batch that was delivered, each built on the one before: rows from a
   * log with gaps would be older ones.
   */
  boolean isWhole() {
    return !broken;
  }

  /** What the log tells of a row, if it tells anything. */
  Optional<LoggedRow> find(long id) {
    return Optional.ofNullable(rows.get(id));
  }

  private void follow(ChangeLog.Logged logged) {
    BatchHeader header = logged.batch().header();
    SiteId site = header.dot().site();
    Optional<Head> before = Optional.ofNullable(ends.get(site));
    broken |=
        header.dot().seq() != before.map(Head::seq).orElse(0L) + 1
            || !header.previous().equals(before.map(Head::hash).orElse(Hash.ZERO));
    ends.put(site, new Head(header.dot().seq(), logged.hash()));
  }

  /** Whether the last batches of a site are missing; of a forked one the log may hold more. */
  private boolean lacksEnd() {
    return sites.summary().heads().entrySet().stream()
        .anyMatch(
            each ->
                !ends.containsKey(each.getKey())
                    || ends.get(each.getKey()).seq() < each.getValue().seq());
  }

  private void take(ChangeLog.Logged logged) {
    Batch batch = logged.content();
    List<Integer> wanted = new ArrayList<>();
    for (int position = 0; position < batch.changes().size(); position++) {
      if (row(batch.changes().get(position)).isPresent()) {
        wanted.add(position);
      }
    }
    if (wanted.isEmpty()) {
      return;
    }
    Dot dot = logged.batch().header().dot();
    boolean shown = dot.seq() <= sites.progress(dot.site()).shownSeq();
    Set<Integer> waiting = parked.positions(logged.number());
    boolean signed = isSigned(logged);
    Hash hash = logged.batch().carried().map(Carried::hash).orElse(logged.hash());
    for (int position : wanted) {
      Change change = batch.changes().get(position);
      LoggedRow row = row(change).orElseThrow();
      if (!shown || waiting.contains(position)) {
        row.waits();
      } else {
        TrackedTable table = row.table();
        valueBytes += row.join(Incoming.of(change, batch.stampOf(change), table, false), hash);
      }
      if (!signed || valueBytes > VALUE_BYTES_MAX) {
        valueBytes -= row.unproven();
      }
    }
  }

  /** The wanted row that a change is about, if it is about one. */
  private Optional<LoggedRow> row(Change change) {
    Wanted wanted = tables.get(Identifier.folded(change.table()));
    if (wanted == null || change.key().values().size() != wanted.table().shape().key().size()) {
      return Optional.empty();
    }
    RowKey key = new RowKey(wanted.table().shape().folded(change.key().values()));
    long id = wanted.digest().id(key.encoded());
    return ids.contains(id)
        ? Optional.of(
            rows.computeIfAbsent(id, found -> new LoggedRow(wanted.place(), wanted.table(), key)))
        : Optional.empty();
  }

  /** The log is a table of the database like any other: what is to prove something is checked. */
  private boolean isSigned(ChangeLog.Logged logged) {
    try {
      return BatchSeal.verify(log.envelope(logged.number())).signed().hash().equals(logged.hash());
    } catch (MalformedException | BadSignatureException e) {
      // Justification: that it is not is the answer.
      return false;
    }
  }
}
