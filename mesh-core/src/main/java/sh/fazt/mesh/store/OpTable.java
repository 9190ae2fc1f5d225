package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.roster.SignedOp;
import sh.fazt.mesh.schema.Value;

/** The roster's operations, verbatim. Confined. */
public final class OpTable {
  private final Database database;

  public OpTable(Database database) {
    this.database = database;
  }

  /** Stores an operation if it is not there. */
  public void put(SignedOp operation) {
    database.execute(
        "INSERT INTO _mesh_op (hash, bytes) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING",
        Value.of(operation.hash().value()),
        Value.of(operation.encoded()));
  }

  public List<SignedOp> all() {
    List<SignedOp> operations = new ArrayList<>();
    try (Rows rows = database.query("SELECT bytes FROM _mesh_op ORDER BY number")) {
      while (rows.next()) {
        operations.add(SignedOp.decode(rows.blob(0)));
      }
    } catch (MalformedException e) {
      throw new IllegalStateException("a stored roster operation is malformed", e);
    }
    return operations;
  }
}
