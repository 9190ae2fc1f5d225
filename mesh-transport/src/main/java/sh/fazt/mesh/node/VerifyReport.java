package sh.fazt.mesh.node;

import java.util.List;
import sh.fazt.mesh.identity.NodeId;

/** What a comparison of whole states came to, a peer at a time. */
public record VerifyReport(List<PeerVerify> peers) {
  public VerifyReport {
    peers = List.copyOf(peers);
  }

  /** How two states compare. */
  public enum Outcome {
    /** All rows that both compare are the same, but for those of which something waits. */
    EQUAL,
    /** Rows differ that should not. */
    DIFFERENT,
    /** Time ran out before the two held the same, or before they stood still. */
    UNSETTLED,
    /** There are more rows than can be compared. */
    TOO_LARGE,
    /** It could not be reached. */
    OFFLINE
  }

  /**
   * One peer.
   *
   * @param rows that this node's tables show
   * @param tables that were compared
   * @param fingerprint of this node's state, 64 hexadecimal digits; empty if none was made
   * @param bytes of messages, both ways
   * @param differences the tables in which rows differ
   * @param apart what could not be compared
   * @param complete whether all differences were found
   */
  public record PeerVerify(
      NodeId id,
      String name,
      Outcome outcome,
      long rows,
      int tables,
      String fingerprint,
      long elapsedMillis,
      long bytes,
      List<TableDifference> differences,
      List<NotCompared> apart,
      boolean complete) {
    public PeerVerify {
      differences = List.copyOf(differences);
      apart = List.copyOf(apart);
    }

    /** How many rows differ that should not. */
    public long differing() {
      return differences.stream().mapToLong(TableDifference::differing).sum();
    }

    /** How many rows were mended here. */
    public long mended() {
      return differences.stream().mapToLong(TableDifference::mended).sum();
    }
  }

  /**
   * Rows of one table.
   *
   * @param here damaged here, as this node's change log proves
   * @param there damaged there, as the peer says that its change log proves
   * @param unproven that differ though neither log says why, or that a log cannot prove
   * @param explained that differ because something of them waits, is kept out of its table, or is
   *     not taken in yet, on either side
   * @param mended that were damaged here and show again what the change log has
   * @param keys of the first rows that should not differ
   */
  public record TableDifference(
      String table,
      long here,
      long there,
      long unproven,
      long explained,
      long mended,
      List<String> keys) {
    public TableDifference {
      keys = List.copyOf(keys);
    }

    /** How many rows differ that should not. */
    public long differing() {
      return here + there + unproven;
    }
  }

  /**
   * A table or a column that was not compared.
   *
   * @param column empty for the whole table
   * @param why ONLY_HERE, ONLY_THERE, OTHER_KEY, OTHER_KIND (of type or default), WAITS or TOO_MANY
   */
  public record NotCompared(String table, String column, String why) {}
}
