package sh.fazt.mesh.apply;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.capture.DeleteCounts;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.MassDelete;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.TableAccess;

/** Finds the mass deletes among what is about to be shown. Confined to one write transaction. */
final class IncomingDeletes {
  private final DeleteCounts counts;
  private final ChangeLog log;
  private final Catalog catalog;
  private final Obstacles obstacles;

  IncomingDeletes(DeleteCounts counts, ChangeLog log, Catalog catalog, Obstacles obstacles) {
    this.counts = counts;
    this.log = log;
    this.catalog = catalog;
    this.obstacles = obstacles;
  }

  /** Changes that are to be shown together; shown twice, they are the same both times. */
  interface Changes {
    void each(Consumer<Placed> consumer);
  }

  /** A change in its batch. */
  record Placed(ChangeLog.Logged logged, int position) {
    /** All of a batch. */
    static List<Placed> in(ChangeLog.Logged logged) {
      return IntStream.range(0, logged.content().changes().size())
          .mapToObj(position -> new Placed(logged, position))
          .toList();
    }

    Change change() {
      return logged.content().changes().get(position);
    }

    Stamp stamp() {
      return logged.content().stampOf(change());
    }

    SiteId site() {
      return stamp().site();
    }
  }

  /**
   * Tables whose deletes wait, by author.
   *
   * @param tables their numbers, which outlive a change of the schema
   */
  record Purges(Map<SiteId, Set<Integer>> tables) {
    static final Purges NONE = new Purges(Map.of());

    Purges {
      tables = Map.copyOf(tables);
    }

    Set<Integer> by(SiteId site) {
      return tables.getOrDefault(site, Set.of());
    }
  }

  /** One site's deletes in one table, by its number. */
  record Purge(SiteId site, int table) {}

  static final class Numbers {
    long deletes;
    long latestMillis;
    long going;
    long coming;
  }

  /** Whether there may be a mass delete in one transaction of a site, by the mere number. */
  boolean mayBeIn(SiteId site, long fromSeq, long toSeq) {
    long deletes = counts.gone().inBatches(site, fromSeq, toSeq);
    return deletes > 0 && MassDelete.mayBe(deletes + counts.gone().known(site));
  }

  /** The mass deletes in one transaction of a site. */
  Purges heldOf(SiteId site, long fromSeq, long toSeq) {
    if (!mayBeIn(site, fromSeq, toSeq)) {
      return Purges.NONE;
    }
    return held(
        consumer -> {
          for (long seq = fromSeq; seq <= toSeq; seq++) {
            log.find(new Dot(site, seq)).ifPresent(logged -> Placed.in(logged).forEach(consumer));
          }
        });
  }

  /** The mass deletes among these changes. */
  Purges held(Changes changes) {
    Map<Purge, Numbers> suspects = suspects(changes);
    if (suspects.isEmpty()) {
      return Purges.NONE;
    }
    changes.each(
        placed ->
            access(placed)
                .ifPresent(
                    access -> {
                      Numbers numbers = suspects.get(purge(placed, access));
                      if (numbers != null) {
                        count(placed, access, numbers);
                      }
                    }));
    return judge(suspects);
  }

  /** Counts what a change would do, for {@link #judge}. */
  void count(Placed placed, Map<Purge, Numbers> purges) {
    access(placed)
        .ifPresent(
            access -> {
              Numbers numbers =
                  purges.computeIfAbsent(purge(placed, access), made -> new Numbers());
              if (placed.change() instanceof Change.Delete) {
                countDelete(placed, numbers);
              }
              count(placed, access, numbers);
            });
  }

  /** Which of what was counted are mass deletes. */
  Purges judge(Map<Purge, Numbers> counted) {
    Map<SiteId, Set<Integer>> held = new HashMap<>();
    counted.forEach(
        (purge, numbers) -> {
          boolean mass =
              table(purge)
                  .filter(access -> mayBeMass(purge.site(), access, numbers))
                  .filter(access -> isMass(purge.site(), access, numbers))
                  .isPresent();
          if (mass) {
            held.computeIfAbsent(purge.site(), site -> new HashSet<>()).add(purge.table());
          }
        });
    return new Purges(held);
  }

  private static Purge purge(Placed placed, TableAccess access) {
    return new Purge(placed.site(), access.table().number());
  }

  /** The table, if it is still there. */
  private Optional<TableAccess> table(Purge purge) {
    return catalog.tables().stream()
        .filter(access -> access.table().number() == purge.table())
        .findFirst();
  }

  private static void countDelete(Placed placed, Numbers numbers) {
    numbers.deletes++;
    numbers.latestMillis = Math.max(numbers.latestMillis, placed.stamp().hlc().millis());
  }

  /** The deletes that may be a mass delete, by their mere number. */
  private Map<Purge, Numbers> suspects(Changes changes) {
    Map<Purge, Numbers> purges = new HashMap<>();
    changes.each(
        placed -> {
          if (placed.change() instanceof Change.Delete) {
            access(placed)
                .map(access -> purge(placed, access))
                .map(purge -> purges.computeIfAbsent(purge, made -> new Numbers()))
                .ifPresent(numbers -> countDelete(placed, numbers));
          }
        });
    purges
        .entrySet()
        .removeIf(
            each ->
                table(each.getKey())
                    .filter(access -> mayBeMass(each.getKey().site(), access, each.getValue()))
                    .isEmpty());
    return purges;
  }

  private boolean mayBeMass(SiteId site, TableAccess access, Numbers numbers) {
    return numbers.deletes > 0
        && !counts.isCatchingUp()
        && counts.isGuarded(access.table())
        && counts.mayOutnumber(
            access, lately(site, access, numbers) + numbers.deletes, numbers.deletes);
  }

  private long lately(SiteId site, TableAccess access, Numbers numbers) {
    return counts.gone().lately(access.table(), site, numbers.latestMillis);
  }

  private Optional<TableAccess> access(Placed placed) {
    return obstacles.of(0, 0, placed.change()).isEmpty()
        ? catalog.find(placed.change().table())
        : Optional.empty();
  }

  /** Takes note of what the change would do to the rows that are shown. */
  private static void count(Placed placed, TableAccess access, Numbers numbers) {
    RowKey key = new RowKey(access.table().shape().folded(placed.change().key().values()));
    ShadowRow shadow = access.shadows().find(key);
    boolean there =
        shadow.equals(ShadowRow.NONE)
            ? access.rows().find(key).isPresent()
            : shadow.shown().present();
    if (placed.change() instanceof Change.Delete && there) {
      boolean dies = !shadow.merged().join(RowState.deleted(placed.stamp())).isAlive();
      numbers.going += dies ? 1 : 0;
    } else if (placed.change() instanceof Change.Insert && !there) {
      numbers.coming++;
    }
  }

  private boolean isMass(SiteId site, TableAccess access, Numbers numbers) {
    // Rows whose deletes are held here are still what the mesh sees.
    long rows = counts.count(access, 0) + counts.held().count(access.table());
    long shrinks = numbers.going - numbers.coming;
    return shrinks > 0
        && MassDelete.is(lately(site, access, numbers) + shrinks, Math.max(0, rows - shrinks));
  }
}
