package sh.fazt.mesh.commands;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.output.Terminal;

/**
 * Every effect that a command has on the world, handed in.
 *
 * @param in standard input
 * @param hidden what is typed and should not be seen
 * @param terminal what the streams are connected to
 * @param environment the environment variables
 * @param home where the user's own files are
 * @param replicas databases and nodes
 * @param launcher starts daemons as processes of their own
 * @param bytes standard input where it is no text; {@code in} reads from it too
 */
record Wiring(
    BufferedReader in,
    HiddenInput hidden,
    PrintStream out,
    PrintStream err,
    Terminal terminal,
    Map<String, String> environment,
    Path home,
    LongSupplier nowMillis,
    Chance chance,
    Replicas replicas,
    Launcher launcher,
    InputStream bytes) {

  private static final String NAME = "fazt ";

  /** Tells how the program is called here, where that is not by its name. */
  private static final String PROGRAM = "FAZT_PROGRAM";

  /** A command line of {@code fazt} as it can be typed here. */
  String asCalled(String words) {
    String program = environment.getOrDefault(PROGRAM, "");
    return words.startsWith(NAME) && !program.isEmpty()
        ? program + words.substring(NAME.length() - 1)
        : words;
  }

  /** The world as it is. */
  static Wiring system() {
    Map<String, String> environment = new TreeMap<>(System.getenv());
    // Services and containers have a user without the variable.
    environment.computeIfAbsent("LOGNAME", any -> System.getProperty("user.name", ""));
    environment.put(PROGRAM, System.getProperty("fazt.program", ""));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    return new Wiring(
        in,
        HiddenInput.terminal(in),
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        Terminal.of(isTerminal(0), isTerminal(1), isTerminal(2), environment),
        environment,
        home(environment),
        System::currentTimeMillis,
        Chance.from(new SecureRandom()),
        new BoundReplicas(Ambient.system()),
        Launcher.processes(),
        System.in);
  }

  /** As a shell understands {@code ~}. */
  private static Path home(Map<String, String> environment) {
    String home = environment.getOrDefault("HOME", "");
    return Path.of(home.startsWith("/") ? home : System.getProperty("user.home", "."));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** The launcher tells in {@code fazt.terminals}; without it Linux is asked. */
  private static boolean isTerminal(int descriptor) {
    String told = System.getProperty("fazt.terminals");
    if (told != null) {
      return told.contains(String.valueOf(descriptor));
    }
    try {
      Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
      return target.startsWith("/dev/pts")
          || target.toString().startsWith("/dev/tty")
          || target.equals(Path.of("/dev/console"));
    } catch (IOException e) {
      return false;
    }
  }
}
