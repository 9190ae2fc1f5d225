package sh.fazt.mesh.crdt;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sh.fazt.mesh.schema.Value;

/**
 * How the concurrent writes of a column merge. Writes that knew of each other never do: the later
 * one stands as it was made.
 */
public enum MergeType {
  /** Numbers that are added to; see {@link Counter}. */
  COUNTER(1, "counter") {
    @Override
    public boolean takes(Value value) {
      return Exact.of(value).isPresent();
    }

    @Override
    public boolean addsUp() {
      return true;
    }

    @Override
    Merging open(Optional<Value> base) {
      return new Counter(base);
    }

    @Override
    Value together(List<Merging> births) {
      return Counter.together(births.stream().map(Counter.class::cast).toList());
    }
  },
  /** The greatest of concurrent values, in SQLite's order. */
  MAX(6, "max") {
    @Override
    Merging open(Optional<Value> base) {
      return new Concurrent(base, Concurrent.GREATEST);
    }
  },
  /** The least of concurrent values, in SQLite's order. */
  MIN(7, "min") {
    @Override
    Merging open(Optional<Value> base) {
      return new Concurrent(base, Concurrent.LEAST);
    }
  },
  /** The earliest of concurrent values. */
  FIRST(8, "first") {
    @Override
    Merging open(Optional<Value> base) {
      return new Concurrent(base, Concurrent.EARLIEST);
    }
  },
  /** The latest of concurrent values, and the others stay until a write knows of them. */
  KEEP_ALL(9, "keep-all") {
    @Override
    Merging open(Optional<Value> base) {
      return new Concurrent(base, Concurrent.LATEST);
    }
  };

  private final int number;
  private final String word;

  MergeType(int number, String word) {
    this.number = number;
    this.word = word;
  }

  /** The type that has this number on the wire. */
  public static Optional<MergeType> of(int number) {
    return Stream.of(values()).filter(type -> type.number == number).findFirst();
  }

  /** The type that people call so. */
  public static Optional<MergeType> named(String word) {
    return Stream.of(values()).filter(type -> type.word.equals(word)).findFirst();
  }

  /** What stands for it on the wire, 1 to 255. */
  public int number() {
    return number;
  }

  /** What people call it. */
  public String word() {
    return word;
  }

  /** Whether operations can lead from, and to, this value; of others the last write wins. */
  public boolean takes(Value value) {
    return true;
  }

  /** Whether rows that were created without knowing of each other count together. */
  public boolean addsUp() {
    return false;
  }

  /**
   * What was not operated on yet.
   *
   * @param base what it was written as; empty if it was created by operations
   */
  abstract Merging open(Optional<Value> base);

  /** What several rows show together, that were created without knowing of each other. */
  Value together(List<Merging> births) {
    throw new IllegalStateException(word + " does not add up");
  }
}
