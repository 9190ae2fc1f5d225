package sh.fazt.mesh.delta;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fuzz.Target;

/** Bundles, their headers, and summaries. */
public final class DeltaTargets {
  private DeltaTargets() {}

  public static List<Target> all() {
    return List.of(
        Target.of("bundle", new Bundles())
            .refusing(MalformedException.class, BundleReader.NoBundleException.class),
        Target.of("bundle-header", new Headers()),
        Target.oneWay("snapshot", DeltaTargets::snapshot),
        Target.of("summary", new Summaries()));
  }

  private static void snapshot(Bytes input) throws MalformedException {
    SnapshotRecord.Reader reader = new SnapshotRecord.Reader();
    ByteReader in = new ByteReader(input);
    while (in.remaining() > 0) {
      reader.read(in);
    }
  }

  private static final class Bundles implements Target.Door<List<BundleRecord>> {
    @Override
    public List<BundleRecord> decode(Bytes input)
        throws IOException, MalformedException, BundleReader.NoBundleException {
      BundleReader reader = new BundleReader(new ByteArrayInputStream(input.toArray()));
      List<BundleRecord> records = new ArrayList<>();
      do {
        records.add(reader.next());
      } while (!(records.get(records.size() - 1) instanceof BundleRecord.End));
      return records;
    }

    @Override
    public Bytes encode(List<BundleRecord> records) throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BundleWriter writer = new BundleWriter(out, ((BundleRecord.Header) records.get(0)).header());
      for (BundleRecord each : records) {
        if (each instanceof BundleRecord.Operation operation) {
          writer.operation(operation.encoded());
        } else if (each instanceof BundleRecord.Envelope envelope) {
          writer.envelope(envelope.envelope());
        }
      }
      writer.end();
      return Bytes.wrap(out.toByteArray());
    }
  }

  private static final class Headers implements Target.Door<BundleHeader> {
    @Override
    public BundleHeader decode(Bytes input) throws MalformedException {
      return BundleHeader.decode(input);
    }

    @Override
    public Bytes encode(BundleHeader header) {
      return header.encoded();
    }
  }

  private static final class Summaries implements Target.Door<Summary> {
    @Override
    public Summary decode(Bytes input) throws MalformedException {
      ByteReader in = new ByteReader(input);
      Summary summary = Summary.readFrom(in);
      in.end();
      return summary;
    }

    @Override
    public Bytes encode(Summary summary) {
      ByteWriter out = new ByteWriter();
      summary.writeTo(out);
      return out.toBytes();
    }
  }
}
