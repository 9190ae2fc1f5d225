package sh.fazt.mesh.schema;

import java.math.BigDecimal;
import java.util.Comparator;

/**
 * SQLite's order of values: NULL, numbers by size, text and blobs by their bytes. SQLite,
 * "Datatypes In SQLite", §4.1.
 */
public final class ValueOrder {
  /** That order; an integer and a real of one size are equal in it, and so are 0.0 and −0.0. */
  public static final Comparator<Value> SQLITE = ValueOrder::compare;

  private ValueOrder() {}

  private static int compare(Value one, Value other) {
    int classes = Integer.compare(storageClass(one), storageClass(other));
    if (classes != 0) {
      return classes;
    } else if (one instanceof Value.Text text && other instanceof Value.Text than) {
      return text.utf8().compareTo(than.utf8());
    } else if (one instanceof Value.Blob blob && other instanceof Value.Blob than) {
      return blob.value().compareTo(than.value());
    } else if (one instanceof Value.Null) {
      return 0;
    }
    return numbers(one, other);
  }

  private static int storageClass(Value value) {
    if (value instanceof Value.Null) {
      return 0;
    } else if (value instanceof Value.Int || value instanceof Value.Real) {
      return 1;
    } else if (value instanceof Value.Text) {
      return 2;
    } else if (value instanceof Value.Blob) {
      return 3;
    }
    throw new AssertionError("unhandled " + value);
  }

  private static int numbers(Value one, Value other) {
    double a = rough(one);
    double b = rough(other);
    if (a != b || Double.isInfinite(a)) {
      return Double.compare(a, b);
    }
    return exact(one).compareTo(exact(other));
  }

  private static double rough(Value value) {
    return value instanceof Value.Int integer
        ? (double) integer.value()
        : ((Value.Real) value).value();
  }

  private static BigDecimal exact(Value value) {
    return value instanceof Value.Int integer
        ? BigDecimal.valueOf(integer.value())
        : new BigDecimal(((Value.Real) value).value());
  }
}
