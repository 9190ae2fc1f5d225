package sh.fazt.mesh.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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

    /**
     * Every table that can replicate.
     *
     * @param evenPrivate whether those that hold secrets are among them
     */
    record All(boolean evenPrivate) implements Choice {
      public All() {
        this(false);
      }
    }

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
        byPreset ? Optional.of(FaztPreset.NAME) : Optional.empty(), replicated, home, refused);
  }

  private static boolean chooses(Choice choice, TableShape table, boolean fazt) {
    if (choice instanceof Choice.Only only) {
      return only.tables().stream().anyMatch(name -> Identifier.same(name, table.name()));
    } else if (choice instanceof Choice.All all) {
      return all.evenPrivate() || !(fazt && FaztPreset.ownKind(table.name()).isPresent());
    }
    return fazt ? FaztPreset.replicates(table.name()) : !table.automaticKey();
  }

  /**
   * Why a table that could replicate stays home, in a few words.
   *
   * @param names every table of the database
   */
  public static String whyHome(Set<String> names, TableShape table) {
    if (FaztPreset.fits(names)) {
      return FaztPreset.ownKind(table.name()).orElse("not chosen");
    }
    return table.automaticKey() ? "its key is an automatic number" : "not chosen";
  }

  /**
   * Which tables replicate at a node that joins.
   *
   * @param offered the names of the inviter's
   * @param names those and every table of the database that joins
   * @throws MeshException TABLE_UNKNOWN or TABLE_PRIVATE if a table that was named cannot replicate
   */
  public static Set<String> joining(List<String> offered, Set<String> names, Choice choice) {
    Set<String> chosen = new TreeSet<>();
    if (choice instanceof Choice.Only only) {
      for (String table : only.tables()) {
        String name =
            offered.stream()
                .filter(table::equalsIgnoreCase)
                .findFirst()
                .orElseThrow(
                    () ->
                        new MeshException(
                            ErrorCode.TABLE_UNKNOWN,
                            "the inviter does not replicate a table " + table,
                            "on the inviting machine: fazt mesh tables"));
        requirePublic(names, name, only.evenPrivate());
        chosen.add(name);
      }
      return chosen;
    }
    boolean evenPrivate = choice instanceof Choice.All all && all.evenPrivate();
    offered.stream().filter(name -> evenPrivate || !isPrivate(names, name)).forEach(chosen::add);
    return chosen;
  }

  /** Whether a table of a database holds what is one node's own, such as secrets. */
  public static boolean isPrivate(Set<String> names, String table) {
    return FaztPreset.fits(names) && FaztPreset.ownKind(table).isPresent();
  }

  /**
   * The shape of a table that a person named.
   *
   * @throws MeshException if it cannot replicate
   */
  public static TableShape require(String name, List<TableVerdict> verdicts, boolean evenPrivate) {
    TableVerdict verdict =
        verdicts.stream()
            .filter(each -> Identifier.same(each.name(), name))
            .findFirst()
            .orElseThrow(
                () ->
                    new MeshException(
                        ErrorCode.TABLE_UNKNOWN, "there is no table " + name, "fazt mesh tables"));
    if (verdict instanceof TableVerdict.Refused refused) {
      throw new MeshException(
          refused.code(),
          "table " + name + " cannot replicate: " + refused.reason(),
          "fazt mesh tables");
    }
    Set<String> names = verdicts.stream().map(TableVerdict::name).collect(Collectors.toSet());
    requirePublic(names, name, evenPrivate);
    return ((TableVerdict.Eligible) verdict).shape();
  }

  private static void requirePublic(Set<String> names, String name, boolean evenPrivate) {
    if (isPrivate(names, name) && !evenPrivate) {
      throw new MeshException(
          ErrorCode.TABLE_PRIVATE,
          "table "
              + name
              + " holds what is this node's own ("
              + FaztPreset.ownKind(name).orElseThrow()
              + "); it would go to every member",
          "Add --i-know if every member may have it");
    }
  }
}
