package sh.fazt.mesh.crdt;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.schema.Value;

/**
 * A number that is added to: what it was, and of each writer the sum of the differences that it
 * made. Shapiro et al., RR-7506 §3.1.3, with one signed, exact sum in place of two that only grow;
 * of one writer's sums the one after most operations counts.
 *
 * <p>It shows an integer while all its parts are integers and 64 bits can hold it, as SQLite adds;
 * otherwise the nearest real.
 */
final class Counter implements Merging {
  private final Optional<Value> base;
  private final TreeMap<Long, Part> parts = new TreeMap<>();

  /**
   * What one writer has added.
   *
   * @param last the number of its last operation
   * @param real whether that led to a real
   */
  private record Part(long last, boolean real, Exact sum) {
    /** A dishonest writer may number two sums alike. */
    Part join(Part other) {
      if (last != other.last) {
        return last > other.last ? this : other;
      }
      return encoded().compareTo(other.encoded()) >= 0 ? this : other;
    }

    private Bytes encoded() {
      ByteWriter out = new ByteWriter(16);
      writeTo(out);
      return out.toBytes();
    }

    void writeTo(ByteWriter out) {
      out.varint(last).u8(real ? 1 : 0);
      sum.writeTo(out);
    }

    static Part readFrom(ByteReader in) throws MalformedException {
      long last = in.varint();
      int real = in.u8();
      if (last <= 0 || real > 1) {
        throw new MalformedException("no such part of a counter: " + last + ", " + real);
      }
      return new Part(last, real == 1, Exact.readFrom(in));
    }
  }

  Counter(Optional<Value> base) {
    this.base = base;
  }

  @Override
  public Value shown() {
    return total().value(isWhole());
  }

  /** What several counters show that were created without knowing of each other. */
  static Value together(List<Counter> births) {
    Exact total = births.stream().map(Counter::total).reduce(Exact.ZERO, Exact::plus);
    return total.value(births.stream().allMatch(Counter::isWhole));
  }

  private Exact total() {
    Exact from = base.flatMap(Exact::of).orElse(Exact.ZERO);
    return parts.values().stream().map(Part::sum).reduce(from, Exact::plus);
  }

  private boolean isWhole() {
    boolean fromReal = base.isPresent() && !(base.get() instanceof Value.Int);
    return !fromReal && parts.values().stream().noneMatch(Part::real);
  }

  @Override
  public Optional<Bytes> edit(Writer writer, Hlc now, Value from, Value to) {
    Optional<Exact> was = Exact.of(from);
    Optional<Exact> is = Exact.of(to);
    if (was.isEmpty() || is.isEmpty()) {
      return Optional.empty();
    }
    Exact added = is.get().minus(was.get());
    Part before = parts.get(writer.session());
    Exact sum = before == null ? added : before.sum().plus(added);
    Part after = new Part(writer.next(), !(to instanceof Value.Int), sum);
    parts.put(writer.session(), after);
    ByteWriter out = new ByteWriter(32);
    write(out, writer.session(), after);
    return Optional.of(out.toBytes());
  }

  @Override
  public void merge(Bytes operations) throws MalformedException {
    ByteReader in = new ByteReader(operations);
    TreeMap<Long, Part> given = new TreeMap<>();
    while (in.remaining() > 0) {
      long session = in.u64();
      if (session == 0 || given.put(session, Part.readFrom(in)) != null) {
        throw new MalformedException("session " + session + " of a counter");
      }
    }
    given.forEach((session, part) -> parts.merge(session, part, Part::join));
  }

  @Override
  public Bytes encode() {
    ByteWriter out = new ByteWriter(parts.size() * 32);
    parts.forEach((session, part) -> write(out, session, part));
    return out.toBytes();
  }

  private static void write(ByteWriter out, long session, Part part) {
    out.u64(session);
    part.writeTo(out);
  }
}
