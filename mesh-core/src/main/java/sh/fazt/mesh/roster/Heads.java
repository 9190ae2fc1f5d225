package sh.fazt.mesh.roster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * The last batches of a node's sites that somebody held: the sites by incarnation, each with a seq
 * and the batch's hash. Immutable.
 */
public record Heads(SortedMap<Integer, Heads.Last> byIncarnation) {
  public static final Heads NONE = new Heads(new TreeMap<>());

  public Heads {
    byIncarnation = Collections.unmodifiableSortedMap(new TreeMap<>(byIncarnation));
  }

  /**
   * One site's last batch.
   *
   * @param seq 1, 2, 3 …
   */
  public record Last(long seq, Hash hash) {
    public Last {
      if (seq < 1) {
        throw new IllegalArgumentException("seq starts at 1: " + seq);
      }
    }
  }

  /** In pieces that one operation has room for; at least one, which may be empty. */
  public List<Heads> pieces() {
    List<Heads> pieces = new ArrayList<>();
    SortedMap<Integer, Last> piece = new TreeMap<>();
    for (Map.Entry<Integer, Last> each : byIncarnation.entrySet()) {
      if (piece.size() == RosterLimits.HEADS_MAX) {
        pieces.add(new Heads(piece));
        piece = new TreeMap<>();
      }
      piece.put(each.getKey(), each.getValue());
    }
    pieces.add(new Heads(piece));
    return pieces;
  }

  void writeTo(ByteWriter out) {
    out.varint(byIncarnation.size());
    byIncarnation.forEach(
        (incarnation, last) -> out.varint(incarnation).varint(last.seq()).raw(last.hash().value()));
  }

  static Heads readFrom(ByteReader in) throws MalformedException {
    int count = in.count("heads", RosterLimits.HEADS_MAX);
    SortedMap<Integer, Last> heads = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      long incarnation = in.varint();
      int before = heads.isEmpty() ? 0 : heads.lastKey();
      if (incarnation <= before || incarnation > Integer.MAX_VALUE) {
        throw new MalformedException("incarnations out of order: " + incarnation);
      }
      heads.put((int) incarnation, new Last(in.varint(), Hash.readFrom(in)));
    }
    return new Heads(heads);
  }

  /** Of each site the highest that any of {@code all} names; of two with one seq, both. */
  static SortedMap<Integer, Reach> union(Collection<Heads> all) {
    SortedMap<Integer, Reach> union = new TreeMap<>();
    for (Heads heads : all) {
      heads.byIncarnation.forEach(
          (incarnation, last) -> union.merge(incarnation, Reach.of(last), Reach::join));
    }
    return union;
  }
}
