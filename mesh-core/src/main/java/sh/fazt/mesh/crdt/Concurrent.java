package sh.fazt.mesh.crdt;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.schema.ValueOrder;

/**
 * The values that were written without knowing of each other, of which an order shows one. A write
 * replaces all that its author saw. Shapiro et al., RR-7506 §3.2.2, with one number a writer in
 * place of a vector a value: what a writer writes replaces whatever it wrote before.
 */
final class Concurrent implements Merging {
  private static final Comparator<Write> AGE =
      Comparator.comparing(Write::hlc)
          .thenComparing(Write::session)
          .thenComparing(Write::number)
          .thenComparing(Write::encoded);
  private static final Comparator<Write> SIZE =
      Comparator.comparing(Write::value, ValueOrder.SQLITE);

  static final Comparator<Write> LATEST = AGE;
  static final Comparator<Write> EARLIEST = AGE.reversed();
  static final Comparator<Write> GREATEST = SIZE.thenComparing(AGE);
  static final Comparator<Write> LEAST = SIZE.reversed().thenComparing(AGE);

  /** The number of the value that was there before. */
  private static final long BASE = 0;

  /**
   * @param session of its writer; 0 with number 0 is what was there before
   */
  record Write(long session, long number, Hlc hlc, Value value) {
    private Bytes encoded() {
      ByteWriter out = new ByteWriter(32);
      writeTo(out);
      return out.toBytes();
    }

    private void writeTo(ByteWriter out) {
      out.u64(session).varint(number).u64(hlc.packed());
      value.writeTo(out);
    }
  }

  private final Comparator<Write> order;
  private final Optional<Write> base;

  /** The last write of each writer, unless it was replaced. */
  private final TreeMap<Long, Write> standing = new TreeMap<>();

  /** Up to which number the writes of each writer were replaced; 0 of session 0 is the base. */
  private final TreeMap<Long, Long> replaced = new TreeMap<>();

  /**
   * @param order its greatest is shown
   */
  Concurrent(Optional<Value> base, Comparator<Write> order) {
    this.order = order;
    this.base = base.map(value -> new Write(0, BASE, Hlc.ZERO, value));
  }

  @Override
  public Value shown() {
    return all().max(order).map(Write::value).orElse(Value.NULL);
  }

  /** All values that stand, those that show first. */
  List<Write> standing() {
    return all().sorted(order.reversed()).toList();
  }

  private Stream<Write> all() {
    Stream<Write> before = replaced.containsKey(0L) ? Stream.empty() : base.stream();
    return Stream.concat(before, standing.values().stream());
  }

  @Override
  public Optional<Bytes> edit(Writer writer, Hlc now, Value from, Value to) {
    TreeMap<Long, Long> seen = new TreeMap<>();
    all().forEach(write -> seen.put(write.session(), write.number()));
    Write write = new Write(writer.session(), writer.next(), now, to);
    take(Map.of(write.session(), write), seen);
    return Optional.of(encoded(Map.of(write.session(), write), seen));
  }

  @Override
  public void merge(Bytes operations) throws MalformedException {
    ByteReader in = new ByteReader(operations);
    TreeMap<Long, Long> gone = new TreeMap<>();
    long count = in.varint();
    for (long i = 0; i != count; i++) {
      gone.put(in.u64(), in.varint());
    }
    TreeMap<Long, Write> given = new TreeMap<>();
    while (in.remaining() > 0) {
      Write write = new Write(in.u64(), in.varint(), new Hlc(in.u64()), Value.readFrom(in));
      given.put(write.session(), write);
    }
    if (!encoded(given, gone).equals(operations) || given.containsKey(0L)) {
      throw new MalformedException("writes out of order");
    }
    take(given, gone);
  }

  private void take(Map<Long, Write> given, Map<Long, Long> gone) {
    gone.forEach((session, number) -> replaced.merge(session, number, Math::max));
    given.forEach((session, write) -> standing.merge(session, write, Concurrent::last));
    standing
        .values()
        .removeIf(write -> replaced.getOrDefault(write.session(), BASE) >= write.number());
  }

  /** A dishonest writer may number two writes alike. */
  private static Write last(Write one, Write other) {
    if (one.number() != other.number()) {
      return one.number() > other.number() ? one : other;
    }
    return one.encoded().compareTo(other.encoded()) >= 0 ? one : other;
  }

  @Override
  public Bytes encode() {
    return encoded(standing, replaced);
  }

  private static Bytes encoded(Map<Long, Write> writes, Map<Long, Long> gone) {
    ByteWriter out = new ByteWriter(64);
    out.varint(gone.size());
    gone.forEach((session, number) -> out.u64(session).varint(number));
    writes.values().forEach(write -> write.writeTo(out));
    return out.toBytes();
  }
}
