package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.wire.SignedBatch;

/** A change log in memory: chained batches that wait for all that their author had seen. */
final class MemoryLog {
  private final Map<SiteId, Head> heads = new TreeMap<>();
  private final List<SignedBatch> order = new ArrayList<>();

  Summary summary() {
    return Summary.of(heads);
  }

  int size() {
    return order.size();
  }

  SignedBatch author(SiteId site, int padding) {
    Head before = heads.getOrDefault(site, new Head(Long.MAX_VALUE, Hash.ZERO));
    Dot dot = new Dot(site, before.seq() == Long.MAX_VALUE ? 1 : before.seq() + 1);
    ByteWriter out = new ByteWriter();
    dot.writeTo(out);
    out.raw(before.hash().value());
    summary().writeTo(out);
    Bytes envelope = out.raw(new byte[padding]).toBytes();
    SignedBatch batch = new SignedBatch(dot, Hash.of(envelope), envelope);
    append(batch);
    return batch;
  }

  Ingested ingest(Bytes envelope) {
    try {
      ByteReader in = new ByteReader(envelope);
      Dot dot = Dot.readFrom(in);
      Hash previous = Hash.readFrom(in);
      Summary seen = Summary.readFrom(in);
      Head head = heads.get(dot.site());
      long have = head == null ? 0 : head.seq();
      if (dot.seq() <= have) {
        return new Ingested.Duplicate(dot, Hash.of(envelope));
      }
      if (dot.seq() > have + 1) {
        return new Ingested.Missing(dot, new Dot(dot.site(), dot.seq() - 1));
      }
      if (!previous.equals(head == null ? Hash.ZERO : head.hash())) {
        return new Ingested.Forked(dot, false, "another chain");
      }
      for (DotRange lack : summary().lacking(seen)) {
        return new Ingested.Missing(dot, new Dot(lack.site(), lack.to()));
      }
      SignedBatch batch = new SignedBatch(dot, Hash.of(envelope), envelope);
      append(batch);
      return new Ingested.Delivered(dot, batch.hash());
    } catch (MalformedException e) {
      return new Ingested.Refused(String.valueOf(e.getMessage()));
    }
  }

  private void append(SignedBatch batch) {
    heads.put(batch.dot().site(), new Head(batch.dot().seq(), batch.hash()));
    order.add(batch);
  }

  /** Cursors over the log, by whatever names them. */
  static final class Cursors<K> {
    private final Map<K, Integer> at = new HashMap<>();

    List<SignedBatch> next(MemoryLog log, K key, List<DotRange> ranges, int bytesMax) {
      List<SignedBatch> found = new ArrayList<>();
      int bytes = 0;
      int index = at.getOrDefault(key, 0);
      while (index < log.order.size() && bytes < bytesMax) {
        SignedBatch batch = log.order.get(index++);
        if (ranges.stream().anyMatch(range -> covers(range, batch.dot()))) {
          found.add(batch);
          bytes += batch.envelope().size();
        }
      }
      at.put(key, index);
      if (found.isEmpty()) {
        at.remove(key);
      }
      return found;
    }

    void close(K key) {
      at.remove(key);
    }

    int open() {
      return at.size();
    }

    private static boolean covers(DotRange range, Dot dot) {
      return range.site().equals(dot.site())
          && range.from() <= dot.seq()
          && dot.seq() <= range.to();
    }
  }
}
