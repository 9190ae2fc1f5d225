package sh.fazt.mesh.commands;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.control.PrivateFolder;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Failure;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.JsonText;
import sh.fazt.mesh.store.KeyFolder;

/** Starts the daemon of a database as a process of its own, which outlives this one. */
@FunctionalInterface
interface Launcher {
  /**
   * Returns when the daemon serves.
   *
   * @param database an existing file
   * @param more arguments of {@code fazt mesh daemon} besides the database
   * @return what the daemon says of itself: {@code pid}, {@code address}
   * @throws MeshException why it could not start
   */
  Json.Obj launch(Path database, List<String> more, Map<String, String> environment);

  /** Launches this program once more, with this Java and this class path. */
  static Launcher processes() {
    return new ProcessLauncher();
  }

  /* The child answers in one line of JSON on its standard output, which is a pipe to us; its
  standard error is the log. Where there is a setsid, it leaves the terminal's session, so that
  closing the window does not end it. */
  /** See {@link #processes}. */
  final class ProcessLauncher implements Launcher {
    /** Bytes above which a log is put aside at the next start, in place of the one before. */
    static final long LOG_BYTES_MAX = 10_000_000;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public Json.Obj launch(Path database, List<String> more, Map<String, String> environment) {
      Path folder = KeyFolder.of(database).path();
      try {
        new PrivateFolder(folder).make();
        ProcessBuilder builder = new ProcessBuilder(command(database, more));
        builder.environment().clear();
        builder.environment().putAll(environment);
        // Each of glibc's arenas keeps megabytes that were used once.
        builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "2");
        builder.redirectInput(new File("/dev/null"));
        builder.redirectError(ProcessBuilder.Redirect.appendTo(logFile(folder).toFile()));
        Process process = builder.start();
        try (BufferedReader said =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
          return answer(FirstLine.of(said, PATIENCE), folder);
        } catch (TimeoutException e) {
          process.destroy();
          throw late(folder, e);
        }
      } catch (IOException e) {
        throw new MeshException(
            ErrorCode.FAILURE, "cannot start the daemon: " + e.getMessage(), null, e);
      }
    }

    private static Json.Obj answer(@org.jspecify.annotations.Nullable String line, Path folder) {
      try {
        if (line != null && JsonText.parse(line) instanceof Json.Obj reply) {
          if (reply.has("error")) {
            throw Failure.read(reply.object("error"));
          }
          return reply.object("daemon");
        }
      } catch (MalformedException e) {
        throw notStarted(folder, e);
      }
      throw notStarted(folder, null);
    }

    private static MeshException late(Path folder, TimeoutException cause) {
      Path log = folder.resolve("daemon.log");
      return new MeshException(
          ErrorCode.TIMEOUT,
          "the daemon did not serve within " + PATIENCE.toSeconds() + " s; see " + log,
          "tail " + log,
          cause);
    }

    private static MeshException notStarted(
        Path folder, @org.jspecify.annotations.Nullable Throwable cause) {
      Path log = folder.resolve("daemon.log");
      return new MeshException(
          ErrorCode.FAILURE, "the daemon ended before it served; see " + log, "tail " + log, cause);
    }

    private static List<String> command(Path database, List<String> more) {
      List<String> command = new ArrayList<>();
      Path setsid = Path.of("/usr/bin/setsid");
      if (Files.isExecutable(setsid)) {
        command.add(setsid.toString());
      }
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-Xms24m", "-Xmx384m", "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8"));
      command.add("-Dfazt.terminals=");
      String archive = System.getProperty("fazt.archive", "");
      if (!archive.isEmpty()) {
        command.addAll(List.of("-Xshare:auto", "-Xlog:disable", "-Xlog:all=error:stderr"));
        command.add("-XX:SharedArchiveFile=" + archive);
        command.add("-Dfazt.archive=" + archive);
      }
      command.addAll(List.of("-cp", absolute(System.getProperty("java.class.path"))));
      command.add(Main.class.getName());
      command.addAll(List.of("mesh", "daemon", "--format", "json"));
      command.addAll(List.of("--db", database.toAbsolutePath().toString()));
      command.addAll(more);
      return command;
    }

    private static String absolute(String classPath) {
      List<String> entries = new ArrayList<>();
      for (String entry : classPath.split(File.pathSeparator, -1)) {
        entries.add(Path.of(entry).toAbsolutePath().toString());
      }
      return String.join(File.pathSeparator, entries);
    }

    private static Path logFile(Path folder) throws IOException {
      Path log = folder.resolve("daemon.log");
      if (Files.exists(log) && Files.size(log) > LOG_BYTES_MAX) {
        Files.move(log, folder.resolve("daemon.log.1"), StandardCopyOption.REPLACE_EXISTING);
      }
      if (!Files.exists(log)) {
        Files.createFile(
            log,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      return log;
    }
  }
}
