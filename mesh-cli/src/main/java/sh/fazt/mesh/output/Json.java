package sh.fazt.mesh.output;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One JSON value. Immutable; objects keep the order of their fields. */
public sealed interface Json {
  /** The value {@code null}. */
  Json NULL = new Null();

  static Obj object() {
    return Obj.EMPTY;
  }

  static Json text(String value) {
    return new Text(value);
  }

  static Json array(List<? extends Json> items) {
    return new Arr(List.copyOf(items));
  }

  static Json texts(List<String> items) {
    return array(items.stream().map(Text::new).toList());
  }

  /** {@code null}. */
  record Null() implements Json {}

  /** {@code true} or {@code false}. */
  record Bool(boolean value) implements Json {}

  /** A number without a fraction. */
  record Whole(long value) implements Json {}

  /** A number with a fraction. */
  record Real(double value) implements Json {}

  /** A string. */
  record Text(String value) implements Json {}

  /** An array. */
  record Arr(List<Json> items) implements Json {
    public Arr {
      items = List.copyOf(items);
    }
  }

  /**
   * An object. Documents may come from a daemon of another version, to which fields are only ever
   * added, so reading is lenient: a field that is absent or of another type reads as {@code ""}, 0,
   * {@code false} or empty.
   */
  record Obj(Map<String, Json> fields) implements Json {
    static final Obj EMPTY = new Obj(Map.of());

    public Obj {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** This object with one more field, or with another value for that field. */
    public Obj with(String name, Json value) {
      Map<String, Json> more = new LinkedHashMap<>(fields);
      more.put(name, value);
      return new Obj(more);
    }

    public Obj with(String name, String value) {
      return with(name, new Text(value));
    }

    public Obj with(String name, long value) {
      return with(name, new Whole(value));
    }

    public Obj with(String name, boolean value) {
      return with(name, new Bool(value));
    }

    public boolean has(String name) {
      return fields.containsKey(name);
    }

    public String text(String name) {
      return find(name) instanceof Text text ? text.value() : "";
    }

    public long whole(String name) {
      return find(name) instanceof Whole number ? number.value() : 0;
    }

    public boolean flag(String name) {
      return find(name) instanceof Bool flag && flag.value();
    }

    public Obj object(String name) {
      return find(name) instanceof Obj object ? object : EMPTY;
    }

    public List<Json> items(String name) {
      return find(name) instanceof Arr array ? array.items() : List.of();
    }

    /** The objects of an array; whatever else it holds is left out. */
    public List<Obj> objects(String name) {
      List<Obj> found = new ArrayList<>();
      for (Json item : items(name)) {
        if (item instanceof Obj object) {
          found.add(object);
        }
      }
      return found;
    }

    /** The strings of an array; whatever else it holds is left out. */
    public List<String> texts(String name) {
      List<String> found = new ArrayList<>();
      for (Json item : items(name)) {
        if (item instanceof Text text) {
          found.add(text.value());
        }
      }
      return found;
    }

    private @Nullable Json find(String name) {
      return fields.get(name);
    }
  }
}
