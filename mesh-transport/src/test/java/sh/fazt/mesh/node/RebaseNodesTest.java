package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.netty.ListenAddress;

/** Whole nodes over loopback, one of which lacks batches that are gone wherever it asks. */
class RebaseNodesTest extends LoopbackNodes {
  private static final String T = "CREATE TABLE t (id TEXT PRIMARY KEY, v BLOB)";
  private static final int ROWS = 1_200;

  /** Some 10 MB: forty pieces. */
  private static final String MANY =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
          + ROWS
          + ") INSERT INTO t SELECT 'k' || i, randomblob(8192) FROM n";

  private static final long MIDDLE_BYTES = 4 << 20;
  private static final String OWN = "SELECT count(*) FROM t WHERE id = 'unsent'";

  private List<String> all(String name) {
    return sql(name, "SELECT id || ' ' || hex(v) FROM t ORDER BY id");
  }

  private String count(String name) {
    return sql(name, "SELECT count(*) FROM t").get(0);
  }

  private MeshNode again(String name, MeshNode node) {
    String address = node.listening();
    stop(node);
    return startAt(name, address);
  }

  private static void trim(MeshNode node) {
    await(
        () ->
            node.ask(
                    mesh -> {
                      mesh.keepLog(OptionalLong.of(0));
                      mesh.acknowledge();
                      return mesh.trim();
                    })
                .join());
    while (node.ask(Mesh::trim).join()) {
      assertThat(node.ask(Mesh::floors).join().heads()).isNotEmpty();
    }
  }

  private void write(String name) {
    sql(name, MANY, "INSERT INTO t VALUES ('dead', x'00')");
    // Each in a batch of its own: the last one stays in the log.
    await(() -> node(name).status().toGo() == 0);
    sql(name, "DELETE FROM t WHERE id = 'dead'");
    await(() -> node(name).status().toGo() == 0);
    sql(name, "INSERT INTO t VALUES ('last', x'01')");
    await(() -> node(name).status().toGo() == 0);
  }

  private MeshNode node(String name) {
    return nodes.stream().filter(each -> each.status().name().equals(name)).findAny().orElseThrow();
  }

  /** A mesh of one, whose log is trimmed. */
  private MeshNode trimmedAlone() {
    MeshNode vps = found("vps", T);
    write("vps");
    trim(vps);
    return again("vps", vps);
  }

  /** The two that hold the same, and have trimmed their logs; both are stopped. */
  private List<String> twoTrimmed() {
    MeshNode vps = found("vps", T);
    MeshNode laptop = join("laptop", vps);
    sync(laptop);
    write("vps");
    await(() -> count("laptop").equals(String.valueOf(ROWS + 1)));
    String first = vps.listening();
    String second = laptop.listening();
    stop(vps);
    stop(laptop);
    // So that they say anew what they show, as they do by themselves ten minutes later.
    sql("vps", "DELETE FROM _mesh_ack");
    sql("laptop", "DELETE FROM _mesh_ack");
    vps = startAt("vps", first);
    laptop = startAt("laptop", second);
    sync(laptop);
    trim(vps);
    trim(laptop);
    stop(vps);
    stop(laptop);
    return List.of(first, second);
  }

  /** A newcomer with rows of its own that has joined, and was not started yet. */
  private void joined(String name, MeshNode server) {
    sql(name, T, "INSERT INTO t VALUES ('brought', x'02'), ('dead', x'03')");
    joiner(name, invite(server)).join();
  }

  private void by(String name, Detour detour) {
    sql(name, "UPDATE _mesh_peer SET addresses = '" + detour.address() + "'");
  }

  private static Detour detour(MeshNode to) throws Exception {
    return new Detour(ListenAddress.parse(to.listening()).port(), MIDDLE_BYTES);
  }

  private static boolean isLinked(MeshNode node, String peer) {
    return node.peers().stream()
        .anyMatch(each -> each.name().equals(peer) && each.state() == PeerStatus.State.CONNECTED);
  }

  private void assertNothingIsHalfTaken(String name) {
    assertThat(sql(name, "SELECT id FROM t WHERE id <> 'unsent' ORDER BY id"))
        .containsExactly("brought", "dead");
  }

  private void awaitAllEqual(String... names) {
    for (String name : names) {
      await(
          () ->
              sql(name, "SELECT id FROM t WHERE id IN ('dead', 'brought')")
                      .equals(List.of("brought"))
                  && count(name).equals(count(names[0])));
      assertThat(all(name)).isEqualTo(all(names[0]));
    }
  }

  @Test
  void aNewcomerTakesAStateOfManyPieces() {
    MeshNode vps = trimmedAlone();
    joined("phone", vps);
    MeshNode phone = start("phone");
    await(() -> count("phone").equals(String.valueOf(ROWS + 2)));
    awaitAllEqual("vps", "phone");
    assertThat(phone.ask(Mesh::floors).join()).isEqualTo(vps.ask(Mesh::floors).join());
  }

  @Test
  void aGiverThatIsCutOffInTheMiddleIsAskedAnew() throws Exception {
    MeshNode vps = trimmedAlone();
    joined("phone", vps);
    try (Detour detour = detour(vps)) {
      by("phone", detour);
      start("phone");
      await(detour::isHolding);
      sql("phone", "INSERT INTO t VALUES ('unsent', x'04')");
      assertNothingIsHalfTaken("phone");
    }
    await(() -> sql("vps", OWN).contains("1"));
    awaitAllEqual("vps", "phone");
  }

  @Test
  void whereTheGiverGoesAwayAnotherMemberGivesIt() throws Exception {
    List<String> addresses = twoTrimmed();
    MeshNode vps = startAt("vps", addresses.get(0));
    joined("phone", vps);
    // It is away while the phone begins, but knows of it.
    MeshNode early = startAt("laptop", addresses.get(1));
    await(() -> early.peers().stream().anyMatch(peer -> peer.name().equals("phone")));
    stop(early);
    try (Detour detour = detour(vps)) {
      by("phone", detour);
      start("phone");
      await(detour::isHolding);
      sql("phone", "INSERT INTO t VALUES ('unsent', x'04')");
      assertNothingIsHalfTaken("phone");
      MeshNode laptop = startAt("laptop", addresses.get(1));
      await(() -> isLinked(laptop, "phone"));
      stop(vps);
    }
    await(() -> sql("laptop", OWN).contains("1"));
    awaitAllEqual("laptop", "phone");
    startAt("vps", addresses.get(0));
    await(() -> sql("vps", OWN).contains("1"));
    awaitAllEqual("laptop", "vps", "phone");
  }

  @Test
  void aTakerThatIsClosedInTheMiddleStartsAnew() throws Exception {
    MeshNode vps = trimmedAlone();
    joined("phone", vps);
    try (Detour detour = detour(vps)) {
      by("phone", detour);
      MeshNode phone = start("phone");
      await(detour::isHolding);
      sql("phone", "INSERT INTO t VALUES ('unsent', x'04')");
      stop(phone);
      assertNothingIsHalfTaken("phone");
    }
    start("phone");
    await(() -> sql("vps", OWN).contains("1"));
    awaitAllEqual("vps", "phone");
  }

  private static Optional<VerifyKey> giver(MeshNode node) {
    return node.ask(mesh -> mesh.unconfirmed().giver()).join();
  }

  @Test
  void aSecondMemberConfirmsTheStateThatAFirstOneGave() {
    List<String> addresses = twoTrimmed();
    MeshNode vps = startAt("vps", addresses.get(0));
    joined("phone", vps);
    MeshNode phone = start("phone");
    await(() -> count("phone").equals(String.valueOf(ROWS + 2)));
    assertThat(giver(phone)).contains(vps.ask(mesh -> mesh.nodeKey().verifyKey()).join());
    // It is looked for after a new start as well.
    MeshNode restarted = again("phone", phone);
    startAt("laptop", addresses.get(1));
    await(() -> giver(restarted).isEmpty());
    assertThat(restarted.status().hindrances()).isEmpty();
  }

  @Test
  void aStateThatASecondMemberHoldsOtherwiseIsToldOfWithBothNames() {
    List<String> addresses = twoTrimmed();
    MeshNode vps = startAt("vps", addresses.get(0));
    String shadow =
        sql("vps", "SELECT '_mesh_shadow_' || number FROM _mesh_table WHERE name = 't'").get(0);
    sql(
        "vps",
        "BEGIN IMMEDIATE",
        "INSERT INTO _mesh_applying VALUES (1)",
        "DELETE FROM t WHERE id = 'k7'",
        "DELETE FROM " + shadow + " WHERE k0 = 'k7'",
        "DELETE FROM _mesh_applying",
        "COMMIT");
    joined("phone", vps);
    MeshNode phone = start("phone");
    await(() -> count("phone").equals(String.valueOf(ROWS + 1)));
    assertThat(phone.status().hindrances()).isEmpty();
    startAt("laptop", addresses.get(1));
    await(() -> !phone.status().hindrances().isEmpty());
    Hindrance told = phone.status().hindrances().get(0);
    assertThat(told.code()).isEqualTo(ErrorCode.STATES_DIFFER);
    assertThat(told.message()).contains("vps", "laptop", "1 of t (k7)");
    assertThat(giver(phone)).isPresent();
  }
}
