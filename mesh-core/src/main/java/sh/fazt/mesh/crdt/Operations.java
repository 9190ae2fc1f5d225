package sh.fazt.mesh.crdt;

import java.util.Optional;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.identity.SiteId;

/**
 * What one write did to a cell of a column that merges.
 *
 * @param start what the operations start from
 * @param update the plain update that they start from; empty unless {@code start} says so
 * @param payload as the type reads it
 */
public record Operations(MergeType type, Start start, Optional<Stamp> update, Bytes payload) {
  /** What operations start from. */
  public enum Start {
    /** Nothing: they create the row. */
    NOTHING(0),
    /** What the insert wrote that began the life they belong to. */
    INSERT(1),
    /** What a later update wrote. */
    UPDATE(2);

    private final int number;

    Start(int number) {
      this.number = number;
    }

    private static Start of(long number) throws MalformedException {
      for (Start start : values()) {
        if (start.number == number) {
          return start;
        }
      }
      throw new MalformedException("operations start from " + number);
    }
  }

  public Operations {
    if (update.isPresent() != (start == Start.UPDATE) || (creates(start) && !type.addsUp())) {
      throw new IllegalArgumentException("no such operations: " + type + " on " + start);
    }
  }

  private static boolean creates(Start start) {
    return start == Start.NOTHING;
  }

  /** Operations on nothing. */
  static Operations creating(MergeType type, Bytes payload) {
    return new Operations(type, Start.NOTHING, Optional.empty(), payload);
  }

  /**
   * Operations on what a plain write wrote.
   *
   * @param life the life that they and the write belong to
   */
  static Operations on(MergeType type, Stamp life, Stamp write, Bytes payload) {
    return write.equals(life)
        ? new Operations(type, Start.INSERT, Optional.empty(), payload)
        : new Operations(type, Start.UPDATE, Optional.of(write), payload);
  }

  /** Whether they create their row. */
  boolean creates() {
    return creates(start);
  }

  /** The write that they start from; the life's own if they create it. */
  Stamp base(Stamp life) {
    return update.orElse(life);
  }

  /** As they travel in a batch. */
  public Bytes encoded() {
    ByteWriter out = new ByteWriter(payload.size() + 64).u8(start.number);
    update.ifPresent(stamp -> stamp.site().writeTo(out.u64(stamp.hlc().packed())));
    return out.raw(payload).toBytes();
  }

  /**
   * Reads what {@link #encoded} gave.
   *
   * @param type its number on the wire
   * @return empty if this version knows no such operations
   */
  public static Optional<Operations> decoded(int type, Bytes encoded) {
    try {
      Optional<MergeType> known = MergeType.of(type);
      return known.isPresent() ? Optional.of(decoded(known.get(), encoded)) : Optional.empty();
    } catch (MalformedException | IllegalArgumentException e) {
      // Justification: of a later version, or of a dishonest member; all nodes find it alike.
      return Optional.empty();
    }
  }

  private static Operations decoded(MergeType type, Bytes encoded) throws MalformedException {
    ByteReader in = new ByteReader(encoded);
    Start start = Start.of(in.u8());
    Optional<Stamp> update = start == Start.UPDATE ? Optional.of(stamp(in)) : Optional.empty();
    Bytes payload = in.rest();
    type.open(Optional.empty()).merge(payload);
    return new Operations(type, start, update, payload);
  }

  private static Stamp stamp(ByteReader in) throws MalformedException {
    Hlc hlc = new Hlc(in.u64());
    return new Stamp(hlc, SiteId.readFrom(in));
  }
}
