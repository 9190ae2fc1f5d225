package sh.fazt.mesh.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.Founder;
import sh.fazt.mesh.Persona;

/**
 * Run in a network namespace of its own: makes another one, a cable between the two, and starts a
 * node at either end. Ends with 1, and says why, if they do not find each other.
 */
final class TwoMachines implements AutoCloseable {
  private final Path vps;
  private final Path laptop;

  /** Holds the other namespace; ends with its input. */
  private final Process other;

  private TwoMachines(Path folder) throws IOException {
    this.vps = folder.resolve("vps.db");
    this.laptop = folder.resolve("laptop.db");
    this.other = new ProcessBuilder("unshare", "-n", "cat").start();
    LoopbackNodes.await(() -> !namespace(String.valueOf(other.pid())).equals(namespace("self")));
  }

  /**
   * @param arguments the folder; or the database of the other end, which runs until its input ends
   */
  public static void main(String[] arguments) throws Exception {
    Path given = Path.of(arguments[0]);
    if (!Files.isDirectory(given)) {
      try (MeshNode node = start(given)) {
        System.in.readAllBytes();
      }
      return;
    }
    try (TwoMachines machines = new TwoMachines(given)) {
      machines.run();
    }
  }

  private static MeshNode start(Path database) {
    return MeshNode.start(NodeConfig.of(database).listeningOn("0.0.0.0:8443"));
  }

  private static String namespace(String process) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", process, "ns", "net")).toString();
    } catch (IOException e) {
      return "self";
    }
  }

  private void run() throws Exception {
    here("ip link set lo up");
    join();
    here("ip link add name near type veth peer name far netns " + other.pid());
    here("ip link set near addrgenmode none");
    here("ip link set near up");
    there("ip link set far addrgenmode none");
    there("ip link set far up");
    here("ip addr add fe80::1/64 dev near nodad");
    there("ip addr add fe80::2/64 dev far nodad");
    meet("[fe80:0:0:0:0:0:0:2%near]:");
    here("ip addr del fe80::1/64 dev near");
    there("ip addr del fe80::2/64 dev far");
    here("ip addr add 192.168.7.1/24 dev near");
    there("ip addr add 192.168.7.2/24 dev far");
    meet("192.168.7.2:");
  }

  /** Makes both members, over the loopback interface, and has them forget where that was. */
  private void join() throws Exception {
    Persona jay = Persona.create("jay");
    sql(vps, "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");
    sql(vps, "PRAGMA journal_mode = WAL");
    Founder.of(vps, jay).replicating("t").found();
    try (MeshNode server = MeshNode.start(NodeConfig.of(vps).listeningOn("127.0.0.1:0"))) {
      Joiner.of(laptop, server.invite(jay), jay).join();
      try (MeshNode joined = MeshNode.start(NodeConfig.of(laptop).listeningOn("127.0.0.1:0"))) {
        joined.sync(Duration.ofSeconds(30), 1).join();
      }
    }
  }

  /** Starts a node at either end, of whose address the other knows nothing. */
  private void meet(String address) throws Exception {
    for (Path database : List.of(vps, laptop)) {
      sql(database, "DELETE FROM _mesh_peer");
    }
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String path = System.getProperty("java.class.path");
    Process far =
        inOther(java, "-cp", path, TwoMachines.class.getName(), laptop.toString())
            .inheritIO()
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start();
    try (MeshNode node = start(vps)) {
      LoopbackNodes.await(() -> node.peers().stream().anyMatch(peer -> isNear(peer, address)));
      sql(vps, "INSERT INTO t (v) VALUES ('" + address + "')");
      if (node.sync(Duration.ofSeconds(30), 1).join().holders() != 1) {
        throw new AssertionError("the other end has not got it");
      }
      System.out.println(node.peers());
    } finally {
      far.getOutputStream().close();
      far.waitFor();
    }
  }

  /**
   * Also where the other end has called, from a port of its own and with the interface's number.
   */
  private static boolean isNear(PeerStatus peer, String address) {
    String host = address.replaceFirst("%.*", "").replaceFirst(":$", "");
    return peer.path().equals("lan") && peer.address().startsWith(host);
  }

  private static void sql(Path database, String statement) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement sql = connection.createStatement()) {
      sql.execute("PRAGMA busy_timeout = 5000");
      sql.execute(statement);
    }
  }

  private static void here(String command) throws Exception {
    succeed(new ProcessBuilder(command.split(" ", -1)));
  }

  private void there(String command) throws Exception {
    succeed(inOther(command.split(" ", -1)));
  }

  private ProcessBuilder inOther(String... command) {
    List<String> line =
        new ArrayList<>(List.of("nsenter", "-t", String.valueOf(other.pid()), "-n"));
    line.addAll(List.of(command));
    return new ProcessBuilder(line);
  }

  private static void succeed(ProcessBuilder builder) throws Exception {
    int status = builder.inheritIO().start().waitFor();
    if (status != 0) {
      throw new AssertionError(builder.command() + " ended with " + status);
    }
  }

  @Override
  public void close() throws Exception {
    other.getOutputStream().close();
    other.waitFor();
  }
}
