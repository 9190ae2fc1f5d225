package sh.fazt.mesh.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.fingerprint.RowDigest;
import sh.fazt.mesh.fingerprint.RowReport;
import sh.fazt.mesh.fingerprint.RowReport.Judgement;
import sh.fazt.mesh.fingerprint.StateLimits;
import sh.fazt.mesh.fingerprint.StatePlan;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.Shown;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.HeldTable;
import sh.fazt.mesh.store.KeyScan;
import sh.fazt.mesh.store.ParkedTable;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.TableAccess;

/**
 * Judges rows by this node's own change log: whether shadow and table show what the signed batches
 * make of them. Only reads. Confined.
 */
public final class RowJudge {
  private final Database database;
  private final SiteBook sites;
  private final ChangeLog log;
  private final ValueDigest digest;
  private final AsideTable aside;
  private final HeldTable held;

  public RowJudge(Database database, SiteBook sites, ValueDigest digest) {
    this.database = database;
    this.sites = sites;
    this.log = new ChangeLog(database, sites);
    this.digest = digest;
    this.aside = new AsideTable(database);
    this.held = new HeldTable(database);
  }

  /**
   * A row with its verdict.
   *
   * @param proof of a damaged row, what the log makes of it
   */
  public record Judged(RowReport report, Optional<RowProof> proof) {}

  /**
   * Judges the rows with these ids, in their order.
   *
   * @param tables the tables of the plan, in its order
   */
  public List<Judged> judge(StatePlan plan, List<TableAccess> tables, List<Long> ids) {
    LoggedStates logged =
        new LoggedStates(log, sites, new ParkedTable(database), new TreeSet<>(ids));
    List<RowDigest> digests = new ArrayList<>();
    for (int place = 0; place < tables.size(); place++) {
      RowDigest ofTable = new RowDigest(plan.tables().get(place).name(), List.of());
      digests.add(ofTable);
      logged.add(place, tables.get(place).table(), ofTable);
    }
    ChangeLog.Place upTo = logged.walk();
    Map<Long, LoggedRow> rows = new TreeMap<>();
    List<Long> missing = new ArrayList<>();
    for (long id : ids) {
      logged.find(id).ifPresentOrElse(row -> rows.put(id, row), () -> missing.add(id));
    }
    for (int place = 0; place < tables.size() && !missing.isEmpty(); place++) {
      TrackedTable table = tables.get(place).table();
      int at = place;
      new KeyScan(database, table, digests.get(place))
          .find(missing, (id, key) -> rows.put(id, unlogged(at, table, key)));
    }
    if (!logged.isWhole()) {
      rows.values().forEach(LoggedRow::unproven);
    }
    return ids.stream()
        .map(id -> judged(id, Optional.ofNullable(rows.get(id)), tables, upTo))
        .toList();
  }

  private static LoggedRow unlogged(int place, TrackedTable table, RowKey key) {
    LoggedRow row = new LoggedRow(place, table, key);
    row.unproven();
    return row;
  }

  private Judged judged(
      long id, Optional<LoggedRow> row, List<TableAccess> tables, ChangeLog.Place upTo) {
    if (row.isEmpty()) {
      return new Judged(new RowReport(id, -1, Bytes.EMPTY, Judgement.UNKNOWN), Optional.empty());
    }
    TableAccess access = tables.get(row.get().place());
    RowKey key = row.get().key();
    ShadowRow shadow = access.shadows().find(key);
    Judgement judgement = judgement(access, row.get(), shadow);
    Bytes encoded = key.encoded();
    Bytes told = encoded.slice(0, Math.min(encoded.size(), StateLimits.KEY_BYTES_MAX));
    Optional<RowProof> proof =
        judgement == Judgement.DAMAGED
            ? Optional.of(
                new RowProof(
                    access.table().name(),
                    key,
                    row.get().merged(),
                    row.get().shown(),
                    row.get().cells(),
                    shadow.merged(),
                    upTo))
            : Optional.empty();
    return new Judged(new RowReport(id, row.get().place(), told, judgement), proof);
  }

  private Judgement judgement(TableAccess access, LoggedRow row, ShadowRow shadow) {
    TrackedTable table = access.table();
    Optional<List<Value>> shown = access.rows().find(row.key());
    RowState merged = row.merged();
    if (row.isWaiting() || held.released(table, row.key()).isPresent()) {
      return Judgement.WAITS;
    } else if (shadow.unsent() || !isAsNoted(table, row.key(), shown, shadow.shown())) {
      return Judgement.UNTAKEN;
    } else if (!isProven(table, row)) {
      return Judgement.UNPROVEN;
    } else if (!shadow.merged().equals(merged)) {
      return Judgement.DAMAGED;
    } else if (shown.isPresent()) {
      return merged.isAlive() ? byValues(table, row, shown.get()) : Judgement.DAMAGED;
    } else if (merged.isAlive()) {
      boolean kept = aside.held(table, row.key()).isPresent();
      return kept ? Judgement.SET_ASIDE : Judgement.DAMAGED;
    }
    return Judgement.AS_LOGGED;
  }

  /** Whether the table shows the row as the shadow says that it does. */
  private boolean isAsNoted(
      TrackedTable table, RowKey key, Optional<List<Value>> row, Shown noted) {
    if (row.isEmpty() || !noted.present()) {
      return row.isPresent() == noted.present();
    }
    for (int i = 0; i < table.shape().columns().size(); i++) {
      Column column = table.shape().columns().get(i);
      Long then = noted.digests().get(table.columnNumber(column));
      Value now = row.get().get(i);
      boolean same =
          then == null
              ? table.shape().unwritten(column, key.values()).equals(Optional.of(now))
              : then == digest.of(now);
      if (!same) {
        return false;
      }
    }
    return true;
  }

  /** Whether the log has every batch of the row, and every value that it should show. */
  private static boolean isProven(TrackedTable table, LoggedRow row) {
    return row.isProven()
        && table.shape().columns().stream()
            .allMatch(column -> !row.isWritten(column) || row.shown(column).isPresent());
  }

  private static Judgement byValues(TrackedTable table, LoggedRow row, List<Value> shown) {
    Judgement judgement = Judgement.AS_LOGGED;
    for (int i = 0; i < table.shape().columns().size(); i++) {
      Column column = table.shape().columns().get(i);
      Optional<Value> wanted = row.shown(column);
      if (wanted.isPresent() && !wanted.get().equals(shown.get(i))) {
        boolean bends =
            column.affinity().mayBend(wanted.get())
                || !table.shape().encoding().holds(wanted.get());
        if (!bends) {
          return Judgement.DAMAGED;
        }
        judgement = Judgement.BENT;
      }
    }
    return judgement;
  }
}
