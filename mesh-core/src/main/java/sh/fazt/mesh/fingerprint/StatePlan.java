package sh.fazt.mesh.fingerprint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * What is compared: tables and columns by name, as two nodes both have them.
 *
 * @param tables ascending by name, each once
 */
public record StatePlan(List<Table> tables) {
  public StatePlan {
    tables = List.copyOf(tables);
    for (int i = 1; i < tables.size(); i++) {
      if (tables.get(i - 1).name().compareTo(tables.get(i).name()) >= 0) {
        throw new IllegalArgumentException("tables out of order: " + tables.get(i).name());
      }
    }
    if (tables.size() > StateLimits.TABLES_MAX) {
      throw new IllegalArgumentException(tables.size() + " tables");
    }
  }

  /**
   * One table.
   *
   * @param name folded
   * @param key the first 64 bits of a hash over the key's columns, their order and collations
   * @param columns ascending by name, each once
   */
  public record Table(String name, long key, List<Column> columns) {
    public Table {
      columns = List.copyOf(columns);
      requireShort(name);
      for (int i = 1; i < columns.size(); i++) {
        if (columns.get(i - 1).name().compareTo(columns.get(i).name()) >= 0) {
          throw new IllegalArgumentException("columns out of order: " + columns.get(i).name());
        }
      }
      if (columns.size() > StateLimits.COLUMNS_MAX) {
        throw new IllegalArgumentException(columns.size() + " columns");
      }
    }

    /** About how many bytes it takes to write. */
    public int bytes() {
      int own = Bytes.utf8(name).size() + 2 + Long.BYTES + 2;
      return own + columns.stream().mapToInt(Column::bytes).sum();
    }
  }

  /**
   * One column that is no part of the key.
   *
   * @param name folded
   * @param kind the first 64 bits of a hash over its affinity and its default
   */
  public record Column(String name, long kind) {
    public Column {
      requireShort(name);
    }

    /** About how many bytes it takes to write. */
    public int bytes() {
      return Bytes.utf8(name).size() + 2 + Long.BYTES;
    }
  }

  private static void requireShort(String name) {
    int bytes = Bytes.utf8(name).size();
    if (bytes > StateLimits.NAME_BYTES_MAX) {
      throw new IllegalArgumentException("a name of " + bytes + " bytes");
    }
  }

  /** The first 64 bits of the SHA-256 of what makes a key or a column what it is. */
  public static long kindOf(Bytes description) {
    return Hash.of(description).value().asBuffer().getLong();
  }

  /** Equal hashes, equal plans. */
  public Hash hash() {
    ByteWriter out = new ByteWriter();
    writeTo(out);
    return Hash.of(out.toBytes());
  }

  /** The table of that folded name. */
  public Optional<Table> table(String name) {
    return tables.stream().filter(table -> table.name().equals(name)).findFirst();
  }

  /** Whether everything in this is also in {@code other}. */
  public boolean isWithin(StatePlan other) {
    return Fit.of(this, other).common().equals(this);
  }

  /**
   * How two plans fit together.
   *
   * @param common what both have
   * @param apart what only one has, or the two have otherwise
   */
  public record Fit(StatePlan common, List<Apart> apart) {
    public Fit {
      apart = List.copyOf(apart);
    }

    public static Fit of(StatePlan ours, StatePlan theirs) {
      List<Table> common = new ArrayList<>();
      List<Apart> apart = new ArrayList<>();
      for (Table table : ours.tables()) {
        Optional<Table> other = theirs.table(table.name());
        if (other.isEmpty()) {
          apart.add(new Apart(table.name(), "", Apart.Why.ONLY_HERE));
        } else if (other.get().key() != table.key()) {
          apart.add(new Apart(table.name(), "", Apart.Why.OTHER_KEY));
        } else {
          common.add(common(table, other.get(), apart));
        }
      }
      theirs.tables().stream()
          .filter(table -> ours.table(table.name()).isEmpty())
          .forEach(table -> apart.add(new Apart(table.name(), "", Apart.Why.ONLY_THERE)));
      return new Fit(new StatePlan(common), apart);
    }

    private static Table common(Table ours, Table theirs, List<Apart> apart) {
      Map<String, Long> kinds = new HashMap<>();
      theirs.columns().forEach(column -> kinds.put(column.name(), column.kind()));
      List<Column> columns = new ArrayList<>();
      for (Column column : ours.columns()) {
        Long kind = kinds.remove(column.name());
        if (Objects.equals(kind, column.kind())) {
          columns.add(column);
        } else {
          Apart.Why why = kind == null ? Apart.Why.ONLY_HERE : Apart.Why.OTHER_KIND;
          apart.add(new Apart(ours.name(), column.name(), why));
        }
      }
      kinds.keySet().stream()
          .sorted()
          .forEach(name -> apart.add(new Apart(ours.name(), name, Apart.Why.ONLY_THERE)));
      return new Table(ours.name(), ours.key(), columns);
    }
  }

  /**
   * A table or a column that cannot be compared.
   *
   * @param column empty for the table
   */
  public record Apart(String table, String column, Why why) {
    /** What keeps it from being compared. */
    public enum Why {
      ONLY_HERE,
      ONLY_THERE,
      /** A key of other columns, or compared in another way. */
      OTHER_KEY,
      /** Another type or another default. */
      OTHER_KIND,
      /** So much of it waits, here or there, that it says nothing. */
      WAITS,
      /** There are more tables than can be compared. */
      TOO_MANY
    }
  }

  /** A plan of tables and columns in any order. */
  public static StatePlan of(List<Table> tables) {
    return new StatePlan(tables.stream().sorted(Comparator.comparing(Table::name)).toList());
  }

  /** A count; per table its name, key and columns: a count, per column its name and kind. */
  public void writeTo(ByteWriter out) {
    out.varint(tables.size());
    for (Table table : tables) {
      out.text(table.name()).u64(table.key()).varint(table.columns().size());
      table.columns().forEach(column -> out.text(column.name()).u64(column.kind()));
    }
  }

  public static StatePlan readFrom(ByteReader in) throws MalformedException {
    int count = in.count("tables", StateLimits.TABLES_MAX);
    List<Table> tables = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = in.text(StateLimits.NAME_BYTES_MAX);
      long key = in.u64();
      int size = in.count("columns", StateLimits.COLUMNS_MAX);
      List<Column> columns = new ArrayList<>();
      for (int j = 0; j < size; j++) {
        columns.add(new Column(in.text(StateLimits.NAME_BYTES_MAX), in.u64()));
      }
      tables.add(ordered(name, key, columns));
    }
    try {
      return new StatePlan(tables);
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  private static Table ordered(String name, long key, List<Column> columns)
      throws MalformedException {
    try {
      return new Table(name, key, columns);
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }
}
