package sh.fazt.mesh.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;

final class KeyFolderTest {
  @TempDir private Path temporary;
  private final Chance chance = Chance.from(new Random(1));
  private Path database;

  @BeforeEach
  void database() throws IOException {
    database = Files.createFile(temporary.resolve("data.db"));
    KeyFolder.of(database).create();
  }

  /** Whatever the umask: a file is made with its mode, not closed afterwards. */
  @Test
  void keysAndTheirFolderAreTheirOwnersAlone() throws IOException {
    KeyFolder folder = KeyFolder.of(database);
    folder.saveNodeKey(SigningKey.generate(chance));
    assertThat(mode(folder.path())).isEqualTo("rwx------");
    assertThat(mode(folder.keyFile())).isEqualTo("rw-------");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void aLinkToTheDatabaseLeadsToTheSameFolder() throws IOException {
    Path link = Files.createSymbolicLink(temporary.resolve("link.db"), database);
    assertThat(KeyFolder.of(link).path()).isEqualTo(KeyFolder.of(database).path());
  }

  /** As a power cut may leave it: what it said is unknown, so any number may have been used. */
  @Test
  void aMarkThatCannotBeMadeOutIsBeyondAnyDatabase() throws IOException {
    KeyFolder folder = KeyFolder.of(database);
    folder.saveHighWater(new KeyFolder.HighWater(2, 7));
    assertThat(folder.highWater().orElseThrow().isBeyond(2, 6)).isTrue();
    assertThat(folder.highWater().orElseThrow().isBeyond(2, 7)).isFalse();
    assertThat(folder.highWater().orElseThrow().isBeyond(3, 0)).isFalse();
    String zeros = "0000000002 0000000000000000000";
    for (String left :
        List.of("", "\0\0\0\0", "0000000002", zeros, "\u00ff\u00fe", zeros + "x\n")) {
      Files.writeString(folder.path().resolve("high-water"), left, ISO_8859_1);
      assertThat(folder.highWater().orElseThrow().isBeyond(9, 1_000_000)).as(left).isTrue();
    }
  }

  /** In Arabic, Java writes numbers with other digits unless it is told not to. */
  @Test
  void aMarkIsReadBackWhateverTheLanguage() {
    KeyFolder folder = KeyFolder.of(database);
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try {
      folder.saveHighWater(new KeyFolder.HighWater(2, 7));
    } finally {
      Locale.setDefault(before);
    }
    assertThat(folder.highWater()).contains(new KeyFolder.HighWater(2, 7));
  }

  @Test
  void aKeyOfAnotherLengthIsRefusedAsNoKey() throws IOException {
    KeyFolder folder = KeyFolder.of(database);
    for (String text : List.of("", "00", "ab".repeat(31), "ab".repeat(33))) {
      Files.writeString(folder.keyFile(), text);
      Files.setPosixFilePermissions(folder.keyFile(), PosixFilePermissions.fromString("rw-------"));
      assertThatThrownBy(folder::nodeKey)
          .as(text)
          .isInstanceOfSatisfying(
              MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IDENTITY_LOCKED))
          .hasMessageContaining("holds no key");
    }
  }

  @Test
  void oneHolderAtATimeHasTheLock() {
    KeyFolder folder = KeyFolder.of(database);
    try (ReplicaLock held = ReplicaLock.take(folder)) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> ReplicaLock.take(folder))
          .isInstanceOfSatisfying(
              MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_OPEN))
          .hasMessageContaining("pid " + ProcessHandle.current().pid());
    }
    ReplicaLock.take(folder).close();
  }

  @Test
  void anotherProcessNeitherGetsTheLockNorFreesIt() throws Exception {
    KeyFolder folder = KeyFolder.of(database);
    try (ReplicaLock held = ReplicaLock.take(folder)) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> ReplicaLock.take(folder)).isInstanceOf(MeshException.class);
      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Taker.class.getName(),
                  database.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(other.getInputStream().readAllBytes(), UTF_8);
      assertThat(said).contains("ALREADY_OPEN pid " + ProcessHandle.current().pid());
    }
  }

  /** Tries to take a lock, in a process of its own. */
  static final class Taker {
    public static void main(String[] arguments) {
      try {
        ReplicaLock.take(KeyFolder.of(Path.of(arguments[0])));
        System.out.println("taken");
      } catch (MeshException e) {
        System.out.println(
            e.code() + " " + e.getMessage().replaceAll(".*\\((pid \\d+)\\).*", "$1"));
      }
    }
  }

  @Test
  void aKeyThatOthersMayReadIsRefused() throws IOException {
    PersonaFile file = new PersonaFile(temporary.resolve("home"));
    file.create(new PersonaFile.Stored("jay", SigningKey.generate(chance)));
    assertThat(file.read().orElseThrow().name()).isEqualTo("jay");
    Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(file::read)
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IDENTITY_LOCKED))
        .hasMessageContaining("others may read");
  }

  @Test
  void aPersonaIsNeverOverwritten() {
    PersonaFile file = new PersonaFile(temporary.resolve("home"));
    PersonaFile.Stored first = new PersonaFile.Stored("jay", SigningKey.generate(chance));
    file.create(first);
    var second = new PersonaFile.Stored("kay", SigningKey.generate(chance));
    assertThatThrownBy(() -> file.create(second)).isInstanceOf(MeshException.class);
    assertThat(file.read().orElseThrow().key().seed()).isEqualTo(first.key().seed());
  }

  @Test
  void whatTheFileSystemRefusesSaysWhatToLookAt() throws IOException {
    KeyFolder folder = KeyFolder.of(database);
    Path mark = Files.createDirectory(folder.path().resolve("high-water"));
    assertThatThrownBy(() -> folder.saveHighWater(new KeyFolder.HighWater(1, 1)))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.remedy()).contains("ls -ld " + mark));
    Files.writeString(folder.keyFile(), "no key");
    Files.setPosixFilePermissions(folder.keyFile(), PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(folder::nodeKey)
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.remedy()).contains("ls -l " + folder.keyFile()));
  }
}
