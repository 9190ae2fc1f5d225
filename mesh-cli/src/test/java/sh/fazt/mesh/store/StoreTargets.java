package sh.fazt.mesh.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.fuzz.Target;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.projection.ShadowRow;

/** Files beside the database, and the packed records in it. */
public final class StoreTargets {
  private StoreTargets() {}

  public static List<Target> all(Path folder) {
    KeyFolder keys = KeyFolder.of(folder.resolve("fuzz.db"));
    keys.create();
    PersonaFile personas = new PersonaFile(folder);
    SiteBook sites = sites(folder);
    return List.of(
        Target.oneWay("node-key", input -> readKey(keys, input))
            .refusing(MeshException.class)
            .oneIn(10),
        Target.oneWay("persona-key", input -> readPersona(folder, personas, input))
            .refusing(MeshException.class)
            .oneIn(10),
        Target.of("high-water", new HighWater(keys)).spelled(Target.Spelling.EQUAL).oneIn(10),
        Target.of("shadow", new Shadows(sites))
            .refusing(IllegalStateException.class)
            .spelled(Target.Spelling.EQUAL)
            .allowed(2_000, 1 << 20));
  }

  /** The numbers of three sites. */
  private static SiteBook sites(Path folder) {
    Database database = Database.create(folder.resolve("sites.db"));
    MeshTables.create(database);
    SiteBook sites = new SiteBook(database);
    Chance chance = Chance.from(new Random(1));
    for (int i = 0; i < 3; i++) {
      sites.number(new SiteId(SigningKey.generate(chance).verifyKey(), 1));
    }
    return sites;
  }

  private static void readKey(KeyFolder keys, Bytes input) throws IOException {
    write(keys.keyFile(), input);
    keys.nodeKey();
  }

  private static void readPersona(Path folder, PersonaFile personas, Bytes input)
      throws IOException {
    write(personas.path(), input);
    write(folder.resolve("persona.name"), input);
    personas.read();
  }

  private static void write(Path file, Bytes input) throws IOException {
    Files.write(file, input.toArray());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private record HighWater(KeyFolder keys) implements Target.Door<KeyFolder.HighWater> {
    @Override
    public KeyFolder.HighWater decode(Bytes input) throws IOException {
      Files.write(keys.path().resolve("high-water"), input.toArray());
      return keys.highWater().orElseThrow();
    }

    @Override
    public Bytes encode(KeyFolder.HighWater mark) throws IOException {
      keys.saveHighWater(mark);
      return Bytes.copyOf(Files.readAllBytes(keys.path().resolve("high-water")));
    }
  }

  private static final class Shadows implements Target.Door<ShadowRow> {
    private final ShadowCodec codec;

    Shadows(SiteBook sites) {
      this.codec = new ShadowCodec(sites);
    }

    @Override
    public ShadowRow decode(Bytes input) {
      return codec.decode(input);
    }

    @Override
    public Bytes encode(ShadowRow row) {
      return codec.encode(row);
    }
  }
}
