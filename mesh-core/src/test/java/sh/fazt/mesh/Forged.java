package sh.fazt.mesh;

import com.github.luben.zstd.Zstd;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.Database;

/** Batches in a change log that nobody has signed. */
final class Forged {
  private static final int CONTENT_BYTES_MAX = 1 << 20;

  private Forged() {}

  /** Spoils the signature of the last batch of a log. */
  static void lastBatch(Database database) {
    Bytes envelope =
        ((Value.Blob)
                database
                    .first("SELECT envelope FROM _mesh_batch ORDER BY id DESC LIMIT 1")
                    .orElseThrow())
            .value();
    byte[] content = Zstd.decompress(envelope.toArray(), CONTENT_BYTES_MAX);
    content[content.length - 1] ^= 1;
    database.write(
        () ->
            database.execute(
                "UPDATE _mesh_batch SET envelope = ? WHERE id = (SELECT max(id) FROM _mesh_batch)",
                Value.of(Bytes.wrap(Zstd.compress(content)))));
  }
}
