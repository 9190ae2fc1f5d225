package sh.fazt.mesh.wire;

import java.util.Comparator;
import java.util.List;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.fuzz.Target;

/** Batches: their signed bytes, and whole envelopes. */
public final class WireTargets {
  private WireTargets() {}

  public static List<Target> all() {
    // An envelope states its size, and that much is taken at once.
    return List.of(
        Target.of("batch", new Content()).spelled(Target.Spelling.EQUAL),
        Target.oneWay("envelope", BatchSeal::verify)
            .refusing(MalformedException.class, BadSignatureException.class)
            .allowed(400, WireLimits.CARRIER_BYTES_MAX + (1 << 20))
            .oneIn(10));
  }

  private static final class Content implements Target.Door<Batch> {
    @Override
    public Batch decode(Bytes input) throws MalformedException {
      Batch batch = BatchDecoder.decode(new ByteReader(input));
      // The order of tables says nothing, and is put right when it is encoded.
      List<Change> changes =
          batch.changes().stream().sorted(Comparator.comparing(Change::table)).toList();
      return new Batch(batch.header(), changes, batch.carried());
    }

    @Override
    public Bytes encode(Batch batch) {
      return BatchEncoder.encode(batch).toBytes();
    }
  }
}
