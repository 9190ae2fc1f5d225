package sh.fazt.mesh.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.ProtocolDocument;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.change.Carried;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.schema.Value;

class BatchSealTest {
  /** The signed bytes of {@link #batch} as docs/protocol.md shows them. */
  private static final String VECTOR = ProtocolDocument.vector("batch");

  private static final SigningKey KEY = SigningKey.ofSeed(Bytes.fromHex("01".repeat(32)));
  private static final SigningKey OTHER = SigningKey.ofSeed(Bytes.fromHex("02".repeat(32)));
  private static final SiteId SITE = new SiteId(KEY.verifyKey(), 1);
  private static final SiteId OTHER_SITE = new SiteId(OTHER.verifyKey(), 1);
  private static final MeshId MESH = new MeshId(Hash.of(Bytes.utf8("mesh")));

  private static Batch batch() {
    Hlc low = Hlc.of(1_700_000_000_000L, 0);
    Stamp life = new Stamp(Hlc.of(1_699_999_999_000L, 1), OTHER_SITE);
    BatchHeader header =
        new BatchHeader(
            MESH,
            new Dot(SITE, 2),
            Hash.of(Bytes.utf8("previous")),
            0,
            true,
            0,
            low,
            low.next().next(),
            List.of(new BatchHeader.Seen(new Dot(OTHER_SITE, 7), Hash.of(Bytes.utf8("seen")))));
    return new Batch(
        header,
        List.of(
            new Change.Insert(
                "app_kv",
                new RowKey(List.of(Value.of("app"), Value.of("theme"))),
                low,
                List.of(Cell.lww("value", Value.of("dark")), Cell.lww("expires_at", Value.NULL))),
            new Change.Update(
                "app_kv",
                new RowKey(List.of(Value.of("app"), Value.of("size"))),
                low.next(),
                life,
                List.of(Cell.lww("value", Value.of(-1)))),
            new Change.Delete(
                "files",
                new RowKey(List.of(Value.of("site"), Value.of(Bytes.fromHex("00ff")))),
                low.next().next())));
  }

  @Test
  void layoutIsTheDocumentedOne() throws MalformedException {
    assertThat(encoded(batch()).hex()).isEqualTo(VECTOR);
    assertThat(decoded(Bytes.fromHex(VECTOR))).isEqualTo(batch());
  }

  /** Else a row would have one cell twice, or a table two keys. */
  @Test
  void tableOrColumnThatIsNamedTwiceIsMalformed() {
    String column = Bytes.utf8("value").hex();
    String other = Bytes.utf8("expires_at").hex();
    String columnTwice = VECTOR.replace("0a" + other, "05" + column);
    String tables = Bytes.utf8("app_kv").hex();
    String tableTwice = VECTOR.replace("05" + Bytes.utf8("files").hex(), "06" + tables);
    for (String twice : List.of(columnTwice, tableTwice)) {
      assertThat(twice).isNotEqualTo(VECTOR);
      assertThatThrownBy(() -> decoded(Bytes.fromHex(twice)))
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining("named twice");
    }
  }

  @Test
  void sealedBatchOpens() throws Exception {
    VerifiedBatch sealed = BatchSeal.sign(batch(), KEY);
    VerifiedBatch opened = BatchSeal.verify(sealed.signed().envelope());
    assertThat(opened.batch()).isEqualTo(batch());
    assertThat(opened.signed()).isEqualTo(sealed.signed());
    assertThat(BatchSeal.reopen(sealed.signed().envelope())).isEqualTo(batch());
  }

  @Test
  void everyFlippedBitOfTheContentIsRefused() {
    byte[] content = content(BatchSeal.sign(batch(), KEY).signed().envelope());
    for (int bit = 0; bit < content.length * 8; bit++) {
      byte[] flipped = content.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      Bytes envelope = Bytes.wrap(Zstd.compress(flipped));
      assertThatThrownBy(() -> BatchSeal.verify(envelope))
          .as("bit %d", bit)
          .isInstanceOfAny(MalformedException.class, BadSignatureException.class);
    }
  }

  @Test
  void everyFlippedBitOfTheEnvelopeIsRefusedOrMeansTheSame() {
    Bytes envelope = BatchSeal.sign(batch(), KEY).signed().envelope();
    for (int bit = 0; bit < envelope.size() * 8; bit++) {
      byte[] flipped = envelope.toArray();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      try {
        assertThat(BatchSeal.verify(Bytes.wrap(flipped)).batch()).isEqualTo(batch());
      } catch (MalformedException | BadSignatureException refused) {
        assertThat(refused).hasMessageMatching("(?s).+");
      }
    }
  }

  @Test
  void truncatedOrRandomBytesAreMalformed() {
    byte[] content = content(BatchSeal.sign(batch(), KEY).signed().envelope());
    Random random = new Random(3);
    for (int size = 0; size < content.length; size++) {
      byte[] cut = java.util.Arrays.copyOf(content, size);
      assertThatThrownBy(() -> BatchSeal.verify(Bytes.wrap(Zstd.compress(cut))))
          .isInstanceOfAny(MalformedException.class, BadSignatureException.class);
      byte[] noise = new byte[size];
      random.nextBytes(noise);
      assertThatThrownBy(() -> BatchSeal.verify(Bytes.wrap(noise)))
          .isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void batchThatUsesAStampTwiceIsMalformed() {
    Hlc stamp = Hlc.of(1_700_000_000_000L, 0);
    BatchHeader header =
        new BatchHeader(MESH, new Dot(SITE, 1), Hash.ZERO, 0, true, 0, stamp, stamp, List.of());
    Batch twice =
        new Batch(
            header,
            List.of(
                new Change.Delete("t", new RowKey(List.of(Value.of("a"))), stamp),
                new Change.Delete("u", new RowKey(List.of(Value.of("a"))), stamp)));
    assertThatThrownBy(() -> BatchSeal.verify(BatchSeal.sign(twice, KEY).signed().envelope()))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("twice");
  }

  @Test
  void batchThatStatesMoreThanTheLimitIsRefusedBeforeMemoryIsTaken() {
    byte[] bomb = Zstd.compress(new byte[WireLimits.CARRIER_BYTES_MAX + 1]);
    assertThat(bomb.length).isLessThan(100_000);
    assertThatThrownBy(() -> BatchSeal.verify(Bytes.wrap(bomb)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("states");
  }

  private static BatchHeader carrying(SiteId site, Hlc stamp) {
    return new BatchHeader(MESH, new Dot(site, 1), Hash.ZERO, 0, true, 0, stamp, stamp, List.of());
  }

  private static Carried carried() {
    return BatchSeal.carried(BatchSeal.sign(batch(), KEY).signed().envelope());
  }

  @Test
  void carrierBringsAnotherSitesBatchAsItWasSigned() throws Exception {
    Batch carrier = new Batch(carrying(OTHER_SITE, Hlc.ZERO), carried());
    Bytes envelope = BatchSeal.sign(carrier, OTHER).signed().envelope();
    VerifiedBatch opened = BatchSeal.verify(envelope);
    assertThat(opened.batch()).isEqualTo(carrier);
    assertThat(opened.batch().content()).isEqualTo(batch());
    assertThat(BatchSeal.carried(envelope)).as("a carrier is not carried").isEqualTo(carried());
    SignedBatch alone = BatchSeal.alone(carried());
    assertThat(alone.hash()).isEqualTo(BatchSeal.sign(batch(), KEY).signed().hash());
    assertThat(BatchSeal.verify(alone.envelope()).batch()).isEqualTo(batch());
  }

  @Test
  void carrierOfWhatItsAuthorDidNotSignIsRefused() {
    byte[] signed = carried().signed().toArray();
    signed[signed.length - 1] ^= 1;
    Carried forged = new Carried(Bytes.wrap(signed), carried().hash(), carried().batch());
    Batch carrier = new Batch(carrying(OTHER_SITE, Hlc.ZERO), forged);
    Bytes envelope = BatchSeal.sign(carrier, OTHER).signed().envelope();
    assertThatThrownBy(() -> BatchSeal.verify(envelope)).isInstanceOf(BadSignatureException.class);
  }

  @Test
  void carrierWithAStampOrWithinACarrierIsMalformed() {
    Batch stamped = new Batch(carrying(OTHER_SITE, Hlc.of(1, 0)), carried());
    assertThatThrownBy(() -> decoded(encoded(stamped)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("carries");
    Batch carrier = new Batch(carrying(OTHER_SITE, Hlc.ZERO), carried());
    Bytes twice = Bytes.concat(encoded(carrier), OTHER.sign("batch", Bytes.EMPTY));
    SiteId third = new SiteId(KEY.verifyKey(), 2);
    Carried plain = new Carried(twice, Hash.ZERO, batch());
    assertThatThrownBy(() -> decoded(encoded(new Batch(carrying(third, Hlc.ZERO), plain))))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("carries");
  }

  /** It costs a sender some kilobytes, compressed. */
  @Test
  void carriersOneInAnotherTakeNoMemoryAndNoStack() {
    Carried one = new Carried(Bytes.wrap(new byte[1]), Hash.ZERO, batch());
    Bytes shell = encoded(new Batch(carrying(OTHER_SITE, Hlc.ZERO), one));
    Bytes header = shell.slice(0, shell.size() - 2);
    int depth = 100_000;
    long[] sizes = new long[depth];
    long size = SigningKey.SIGNATURE_SIZE;
    for (int i = depth - 1; i >= 0; i--) {
      sizes[i] = size;
      size += header.size() + new ByteWriter().varint(size).size() + SigningKey.SIGNATURE_SIZE;
    }
    ByteWriter nested = new ByteWriter();
    for (long inner : sizes) {
      nested.raw(header).varint(inner);
    }
    nested.raw(Bytes.wrap(new byte[(depth + 1) * SigningKey.SIGNATURE_SIZE]));
    Bytes envelope = Bytes.wrap(Zstd.compress(nested.toBytes().toArray()));
    assertThat(envelope.size()).isLessThan(1 << 20);
    assertThatThrownBy(() -> BatchSeal.verify(envelope))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("carries");
  }

  @Test
  void anotherKeysSignatureIsRefused() {
    Bytes body = encoded(batch());
    Bytes forged = OTHER.sign("batch", Hash.of(body).value());
    Bytes envelope = Bytes.wrap(Zstd.compress(Bytes.concat(body, forged).toArray()));
    assertThatThrownBy(() -> BatchSeal.verify(envelope)).isInstanceOf(BadSignatureException.class);
  }

  @Test
  void signatureForAnotherPurposeIsRefused() {
    Bytes body = encoded(batch());
    Bytes forged = KEY.sign("roster", Hash.of(body).value());
    Bytes envelope = Bytes.wrap(Zstd.compress(Bytes.concat(body, forged).toArray()));
    assertThatThrownBy(() -> BatchSeal.verify(envelope)).isInstanceOf(BadSignatureException.class);
  }

  private static Bytes encoded(Batch batch) {
    return BatchEncoder.encode(batch).toBytes();
  }

  private static Batch decoded(Bytes body) throws MalformedException {
    return BatchDecoder.decode(new ByteReader(body));
  }

  private static byte[] content(Bytes envelope) {
    byte[] array = envelope.toArray();
    return Zstd.decompress(array, (int) Zstd.getFrameContentSize(array));
  }

  @Test
  void randomBatchesRoundTrip() throws MalformedException {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      Chance chance = Chance.from(random);
      Hlc low = Hlc.of(1 + random.nextInt(1000), random.nextInt(9));
      Change change =
          new Change.Insert(
              "t",
              new RowKey(List.of(Value.of(random.nextLong()))),
              random.nextBoolean() ? low : Hlc.genesis(random.nextInt(50)),
              List.of(
                  Cell.lww("a", Value.of(random.nextDouble())),
                  Cell.lww("b", Value.of(chance.bytes(random.nextInt(40)))),
                  new Cell("c", 9, Value.of(chance.bytes(3)))));
      BatchHeader header =
          new BatchHeader(
              MESH,
              new Dot(SITE, 1 + random.nextInt(99)),
              Hash.ZERO,
              random.nextInt(3),
              random.nextBoolean(),
              random.nextInt(5),
              low,
              low,
              List.of());
      Batch batch = new Batch(header, List.of(change));
      assertThat(decoded(encoded(batch))).as("seed %d", seed).isEqualTo(batch);
    }
  }
}
