package sh.fazt.mesh.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/**
 * Which tables of a database replicate, which stay home, and which cannot.
 *
 * @param preset the preset that was followed, if one fits the database
 */
public record ReplicationPlan(
    Optional<String> preset,
    List<TableShape> replicated,
    List<TableShape> home,
    List<TableVerdict.Refused> refused) {

  public ReplicationPlan {
    replicated = List.copyOf(replicated);
    home = List.copyOf(home);
    refused = List.copyOf(refused);
  }

  /** What a person asks for. */
  public sealed interface Choice {
    /** The preset that fits, else every table whose key is not an automatic number. */
    record Usual() implements Choice {}

    /** Every table that can replicate and is not private. */
    record All() implements Choice {}

    /**
     * These tables and no others.
     *
     * @param evenPrivate whether tables that hold secrets may be among them
     */
    record Only(Set<String> tables, boolean evenPrivate) implements Choice {
      public Only {
        tables = Set.copyOf(tables);
      }
    }
  }

  /**
   * Plans for a database.
   *
   * @param verdicts on every table of the application's
   * @throws MeshException TABLE_UNKNOWN, TABLE_WITHOUT_KEY, TABLE_UNSUPPORTED or TABLE_PRIVATE if a
   *     table that was named cannot replicate
   */
  public static ReplicationPlan of(List<TableVerdict> verdicts, Choice choice) {
    Set<String> names = verdicts.stream().map(TableVerdict::name).collect(Collectors.toSet());
    boolean fazt = FaztPreset.fits(names);
    if (choice instanceof Choice.Only only) {
      only.tables().forEach(table -> require(table, verdicts, only.evenPrivate()));
    }
    List<TableShape> replicated = new ArrayList<>();
    List<TableShape> home = new ArrayList<>();
    List<TableVerdict.Refused> refused = new ArrayList<>();
    for (TableVerdict verdict : verdicts) {
      if (verdict instanceof TableVerdict.Eligible eligible) {
        boolean chosen = chooses(choice, eligible.shape(), fazt);
        (chosen ? replicated : home).add(eligible.shape());
      } else if (verdict instanceof TableVerdict.Refused no) {
        refused.add(no);
      }
    }
    boolean byPreset = fazt && choice instanceof Choice.Usual;
    return new ReplicationPlan(
        byPreset ? Optional.of("fazt") : Optional.empty(), replicated, home, refused);
  }

  private static boolean chooses(Choice choice, TableShape table, boolean fazt) {
    if (choice instanceof Choice.Only only) {
      return only.tables().stream().anyMatch(table.name()::equalsIgnoreCase);
    } else if (choice instanceof Choice.All) {
      return !(fazt && FaztPreset.isPrivate(table.name()));
    }
    return fazt ? FaztPreset.replicates(table.name()) : !table.automaticKey();
  }

  /**
   * The shape of a table that a person named.
   *
   * @throws MeshException if it cannot replicate
   */
  public static TableShape require(String name, List<TableVerdict> verdicts, boolean evenPrivate) {
    TableVerdict verdict =
        verdicts.stream()
            .filter(each -> each.name().equalsIgnoreCase(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new MeshException(
                        ErrorCode.TABLE_UNKNOWN, "there is no table " + name, "fazt mesh tables"));
    if (verdict instanceof TableVerdict.Refused refused) {
      throw new MeshException(
          refused.code(), "table " + name + " cannot replicate: " + refused.reason(), null);
    }
    Set<String> names = verdicts.stream().map(TableVerdict::name).collect(Collectors.toSet());
    if (FaztPreset.fits(names) && FaztPreset.isPrivate(name) && !evenPrivate) {
      throw new MeshException(
          ErrorCode.TABLE_PRIVATE,
          "table " + name + " holds what is this node's own; it would go to every member",
          "fazt mesh track " + name + " --i-know");
    }
    return ((TableVerdict.Eligible) verdict).shape();
  }
}
