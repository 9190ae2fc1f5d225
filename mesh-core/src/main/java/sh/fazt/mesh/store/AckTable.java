package sh.fazt.mesh.store;

import java.util.Map;
import java.util.TreeMap;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.delta.Acknowledgement;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.schema.Value;

/** The last acknowledgement of each member, this node's own included, as signed. Confined. */
public final class AckTable {
  private final Database database;

  public AckTable(Database database) {
    this.database = database;
  }

  public Map<VerifyKey, Acknowledgement> all() {
    Map<VerifyKey, Acknowledgement> all = new TreeMap<>();
    try (Rows rows = database.query("SELECT said FROM _mesh_ack")) {
      while (rows.next()) {
        ByteReader in = new ByteReader(rows.blob(0));
        Acknowledgement each = Acknowledgement.readFrom(in);
        in.end();
        all.put(each.node(), each);
      }
    } catch (MalformedException e) {
      throw new IllegalStateException("an acknowledgement is malformed", e);
    }
    return all;
  }

  /** Keeps this in place of the member's former one. */
  public void put(Acknowledgement said) {
    ByteWriter out = new ByteWriter();
    said.writeTo(out);
    database.execute(
        """
        INSERT INTO _mesh_ack (node, said) VALUES (?, ?)
        ON CONFLICT (node) DO UPDATE SET said = excluded.said""",
        Value.of(said.node().value()),
        Value.of(out.toBytes()));
  }
}
