package sh.fazt.mesh.store;

import java.util.Optional;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.schema.Value;

/** The mesh's settings and single facts in the database, by name. Confined. */
public final class Meta {
  /** Each fact that is kept, with its unit. */
  public enum Fact {
    /** Version of the tables' layout, an integer. */
    LAYOUT,
    /** The mesh's id, 32 bytes. */
    MESH,
    /** This node's public key, 32 bytes. */
    NODE,
    /** This node's name, text. */
    NAME,
    /** What this node is called on local networks, text; absent if it is its name. */
    BEACON_NAME,
    /** This site's incarnation, an integer. */
    INCARNATION,
    /** Secret of the value digests, 16 bytes. */
    DIGEST_SECRET,
    /** Rank of this node's genesis rows, an integer; 0 for the founder. */
    SENIORITY,
    /** Where the daemon listens, HOST:PORT text. */
    LISTEN,
    /** For how many days batches stay though they are stable, an integer; absent for ever. */
    KEEP_LOG,
    /**
     * The highest stamp that was shown while it was ahead of this machine's clock, packed, an
     * integer; absent for none.
     */
    CLOCK,
    /** Whose state was taken in and no other's was found to be the same since, 32 bytes. */
    STATE_GIVER,
    /** How many sessions of broadcasts this node has begun, an integer. */
    SESSION,
    /** 1 until a newcomer has met all that a peer holds; its own rows are sent after that. */
    GENESIS_WAIT
  }

  private final Database database;

  public Meta(Database database) {
    this.database = database;
  }

  public void put(Fact fact, Value value) {
    database.execute(
        "INSERT INTO _mesh_meta (name, value) VALUES (?, ?)"
            + " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        Value.of(fact.name()),
        value);
  }

  public void remove(Fact fact) {
    database.execute("DELETE FROM _mesh_meta WHERE name = ?", Value.of(fact.name()));
  }

  public Optional<Value> find(Fact fact) {
    return database.first("SELECT value FROM _mesh_meta WHERE name = ?", Value.of(fact.name()));
  }

  /** The bytes of a blob or text fact. */
  public Optional<Bytes> bytes(Fact fact) {
    return find(fact)
        .map(
            value -> value instanceof Value.Blob blob ? blob.value() : ((Value.Text) value).utf8());
  }

  public Optional<String> text(Fact fact) {
    return bytes(fact).map(Bytes::asUtf8);
  }

  public Optional<Long> integer(Fact fact) {
    return find(fact).map(value -> ((Value.Int) value).value());
  }
}
