package sh.fazt.mesh.crdt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.schema.Value;

/*
 A plain write sets a cell to a value. Operations start from such a value, their base, and add up on
 it; so a plain write that comes later than a base puts an end to whatever is done on it, and of two
 bases the later one shows with all its operations: last write wins, of bases. Where a type adds up,
 a row may also be created by operations, on no value at all; then all creations count together.
 What another write dominates can never show again and goes: a later base of the same life or a later
 one. That is a property of the writes alone, so what is left does not depend on their order.
*/
/**
 * The merged state of one cell of a column that merges: the plain writes that may still come to
 * show, and the operations on each of them. A join semilattice. Mutable, confined.
 */
public final class MergedCell {
  /** Origins of a cell, and operations that wait for one. */
  static final int ORIGINS_MAX = 1 << 16;

  private final TreeMap<Origin, Content> contents = new TreeMap<>();

  /** What a plain write wrote, or what operations have come to. */
  private static final class Content {
    private Optional<Value> value = Optional.empty();
    private @Nullable Merging merging;

    /** Operations that came before the write that they start from. */
    private final TreeSet<Bytes> waiting = new TreeSet<>();
  }

  /** How stamps are written where a cell is kept or sent. */
  public interface StampWriter {
    void write(ByteWriter out, Stamp stamp);
  }

  /** Reads what a {@link StampWriter} wrote. */
  public interface StampReader {
    Stamp read(ByteReader in) throws MalformedException;
  }

  /** Takes in a plain write. */
  public void write(Stamp life, Stamp stamp, Value value) {
    content(new Origin(life, stamp, false, 0)).value = Optional.of(value);
    for (Map.Entry<Origin, Content> each : contents.entrySet()) {
      Origin origin = each.getKey();
      if (origin.isOn(life, stamp)) {
        found(origin, each.getValue(), value);
      }
    }
    prune();
  }

  /**
   * Takes in operations on what was written before.
   *
   * @param life the life that they belong to
   */
  public void merge(Stamp life, Operations operations) {
    MergeType type = operations.type();
    boolean born = operations.creates();
    Origin origin = new Origin(life, operations.base(life), born, type.number());
    Content content = content(origin);
    if (!born && content.merging == null) {
      valueOf(origin).ifPresent(value -> found(origin, content, value));
    }
    if (born && content.merging == null) {
      content.merging = type.open(Optional.empty());
    }
    take(content, List.of(operations.payload()));
    prune();
  }

  private Content content(Origin origin) {
    return contents.computeIfAbsent(origin, key -> new Content());
  }

  /** What the write was that operations start from. */
  private Optional<Value> valueOf(Origin operations) {
    Content written = contents.get(new Origin(operations.life(), operations.base(), false, 0));
    return written == null ? Optional.empty() : written.value;
  }

  private static void found(Origin origin, Content content, Value value) {
    if (content.merging == null) {
      content.merging = typeOf(origin).open(Optional.of(value));
      take(content, content.waiting);
      content.waiting.clear();
    }
  }

  private static MergeType typeOf(Origin origin) {
    return MergeType.of(origin.type())
        .orElseThrow(() -> new IllegalStateException("no type " + origin.type()));
  }

  private void prune() {
    List<Origin> all = List.copyOf(contents.keySet());
    contents.keySet().removeIf(origin -> all.stream().anyMatch(other -> other.dominates(origin)));
  }

  /** Drops what belongs to lives that ended with {@code dead}. */
  public void after(Stamp dead) {
    contents.keySet().removeIf(origin -> origin.life().compareTo(dead) <= 0);
  }

  /** Whether nothing is left. */
  public boolean isEmpty() {
    return contents.isEmpty();
  }

  /** Whether any operation stands, so that no plain write alone tells what is shown. */
  public boolean isMerging() {
    return contents.keySet().stream().anyMatch(origin -> origin.type() != 0);
  }

  /** What the cell shows; empty if nothing is known of it. */
  public Optional<Value> shown() {
    Optional<Origin> top = top();
    if (top.isPresent() && top.get().born()) {
      return Optional.of(typeOf(top.get()).together(births(top.get().type())));
    }
    Content content = top.map(contents::get).orElseGet(Content::new);
    return content.merging == null ? content.value : Optional.of(content.merging.shown());
  }

  /** The latest that shows something. */
  private Optional<Origin> top() {
    return contents.descendingMap().entrySet().stream()
        .filter(each -> each.getValue().merging != null || each.getValue().value.isPresent())
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private List<Merging> births(int type) {
    List<Merging> births = new ArrayList<>();
    contents.forEach(
        (origin, content) -> {
          if (origin.born() && origin.type() == type && content.merging != null) {
            births.add(content.merging);
          }
        });
    return births;
  }

  /**
   * Operations by which the cell comes to show a value, taken in.
   *
   * @param life the row's
   * @param now the stamp of the write
   * @return empty if the type knows none that show exactly this; this is of no use then
   */
  public Optional<Operations> edit(
      MergeType type, Stamp life, Stamp now, Writer writer, Value wanted) {
    Optional<Value> from = shown();
    if (from.isEmpty() || !type.takes(from.get()) || !type.takes(wanted)) {
      return Optional.empty();
    }
    Origin top = top().orElseThrow();
    boolean ofAnother = top.type() != 0 && top.type() != type.number();
    if (ofAnother || (!top.born() && !top.life().equals(life))) {
      return Optional.empty();
    }
    Origin origin = new Origin(life, top.born() ? life : top.base(), top.born(), type.number());
    return edit(origin, from, now, writer, wanted);
  }

  /** Operations that create a row whose cell shows a value, taken in; empty if there are none. */
  public Optional<Operations> create(MergeType type, Stamp life, Writer writer, Value wanted) {
    if (!type.addsUp() || !type.takes(wanted)) {
      return Optional.empty();
    }
    Origin origin = new Origin(life, life, true, type.number());
    content(origin).merging = type.open(Optional.empty());
    return edit(origin, shown(), life, writer, wanted);
  }

  private Optional<Operations> edit(
      Origin origin, Optional<Value> from, Stamp now, Writer writer, Value wanted) {
    Content content = content(origin);
    if (content.merging == null) {
      content.merging = typeOf(origin).open(valueOf(origin));
    }
    Value shows = from.orElse(Value.NULL);
    Optional<Bytes> payload = content.merging.edit(writer, now.hlc(), shows, wanted);
    prune();
    return shown().equals(Optional.of(wanted))
        ? payload.map(bytes -> operations(origin, bytes))
        : Optional.empty();
  }

  private static Operations operations(Origin origin, Bytes payload) {
    MergeType type = typeOf(origin);
    return origin.born()
        ? Operations.creating(type, payload)
        : Operations.on(type, origin.life(), origin.base(), payload);
  }

  /** Takes in all that another state of the cell holds. */
  public void join(MergedCell other) {
    other.contents.forEach(
        (origin, theirs) -> {
          theirs.value.ifPresent(value -> write(origin.life(), origin.base(), value));
          Content ours = content(origin);
          if (origin.born() && ours.merging == null) {
            ours.merging = typeOf(origin).open(Optional.empty());
          } else if (origin.type() != 0) {
            valueOf(origin).ifPresent(known -> found(origin, ours, known));
          }
          take(ours, theirs.waiting);
          Optional.ofNullable(theirs.merging)
              .ifPresent(merging -> take(ours, List.of(merging.encode())));
        });
    prune();
  }

  private static void take(Content content, Iterable<Bytes> operations) {
    try {
      for (Bytes each : operations) {
        if (content.merging == null) {
          content.waiting.add(each);
        } else {
          content.merging.merge(each);
        }
      }
    } catch (MalformedException e) {
      throw new IllegalStateException("operations were well-formed when they came", e);
    }
  }

  /** Appends the state; equal states give equal bytes. */
  public void writeTo(ByteWriter out, StampWriter stamps) {
    out.varint(contents.size());
    contents.forEach(
        (origin, content) -> {
          boolean apart = !origin.base().equals(origin.life());
          Optional<Merging> merging = Optional.ofNullable(content.merging);
          out.u8(
              (origin.born() ? 1 : 0)
                  | (apart ? 2 : 0)
                  | (content.value.isPresent() ? 4 : 0)
                  | (merging.isPresent() ? 8 : 0));
          out.u8(origin.type());
          stamps.write(out, origin.life());
          if (apart) {
            stamps.write(out, origin.base());
          }
          content.value.ifPresent(value -> value.writeTo(out));
          merging.map(Merging::encode).ifPresent(out::bytes);
          if (merging.isEmpty() && origin.type() != 0) {
            out.varint(content.waiting.size());
            content.waiting.forEach(out::bytes);
          }
        });
  }

  /** Reads what {@link #writeTo} wrote. */
  public static MergedCell readFrom(ByteReader in, StampReader stamps) throws MalformedException {
    MergedCell cell = new MergedCell();
    for (int i = in.count("origins", ORIGINS_MAX); i > 0; i--) {
      int flags = in.u8();
      int type = in.u8();
      Stamp life = stamps.read(in);
      Stamp base = (flags & 2) != 0 ? stamps.read(in) : life;
      Origin origin = new Origin(life, base, (flags & 1) != 0, type);
      Content content = cell.content(origin);
      content.value = (flags & 4) != 0 ? Optional.of(Value.readFrom(in)) : Optional.empty();
      if (type != 0) {
        cell.readOperations(in, (flags & 8) != 0, origin, content);
      }
    }
    return cell;
  }

  private void readOperations(ByteReader in, boolean merging, Origin origin, Content content)
      throws MalformedException {
    MergeType type =
        MergeType.of(origin.type())
            .orElseThrow(() -> new MalformedException("no type " + origin.type()));
    if (merging) {
      content.merging = type.open(valueOf(origin));
      content.merging.merge(in.bytes(Value.BYTES_MAX));
    } else {
      for (int i = in.count("operations", ORIGINS_MAX); i > 0; i--) {
        content.waiting.add(in.bytes(Value.BYTES_MAX));
      }
    }
  }
}
