package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.EarlyWrites;
import sh.fazt.mesh.Fork;
import sh.fazt.mesh.HeldDeletes;
import sh.fazt.mesh.LogFigures;
import sh.fazt.mesh.MeshView;
import sh.fazt.mesh.SetAside;
import sh.fazt.mesh.Waiting;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.node.NodeStatus;
import sh.fazt.mesh.node.PeerStatus;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.roster.Role;

final class StatusDocumentTest {
  private static final long NOW = 1_763_805_736_123L;
  private static final NodeId NODE = new NodeId("fazt_nod_4Kd9Qw7RxT2b");

  @Test
  void anOfflinePeerIsNoReasonToWorry() {
    Json.Obj status = status(figures(0, 0), peer(PeerStatus.State.OFFLINE, OptionalLong.empty()));
    assertThat(codes(status)).containsExactly("PEER_OFFLINE");
    assertThat(new StatusView(status, NOW).isDegraded()).isFalse();
  }

  @Test
  void aClockFiveMinutesOffIsToldOf() {
    OptionalLong fiveMinutes = OptionalLong.of(5 * 60_000);
    assertThat(codes(status(figures(0, 0), peer(PeerStatus.State.CONNECTED, fiveMinutes))))
        .isEmpty();
    for (long offset : List.of(5 * 60_000 + 1L, -5 * 60_000 - 1L)) {
      Json.Obj status =
          status(figures(0, 0), peer(PeerStatus.State.CONNECTED, OptionalLong.of(offset)));
      assertThat(codes(status)).containsExactly("CLOCK_SKEW");
      assertThat(new StatusView(status, NOW).isDegraded()).isTrue();
    }
  }

  @Test
  void whatWaitsAndWhatIsSetAsideIsToldOf() {
    Json.Obj status = status(figures(3, 1), peer(PeerStatus.State.CONNECTED, OptionalLong.of(0)));
    assertThat(codes(status)).containsExactly("PARKED", "SET_ASIDE");
    assertThat(messages(status))
        .containsExactly(
            "3 changes of notes wait for column colour, which is missing here",
            "1 row of u is set aside, alive but kept out by a rule: UNIQUE constraint failed: u.e");
  }

  @Test
  void aNodeWithChangesThatWaitIsNotInSync() {
    Json.Obj status = status(figures(1, 0), peer(PeerStatus.State.CONNECTED, OptionalLong.of(0)));
    assertThat(status.text("verdict")).isEqualTo("waiting");
    assertThat(new StatusView(status, NOW).isDegraded()).isTrue();
  }

  @Test
  void whatATableThatStaysHomeIsSentIsNoReasonToWorry() {
    List<Waiting> declined = waiting(Waiting.Reason.NOT_TRACKED, "", 2);
    Json.Obj status =
        status(figures(declined, 0), peer(PeerStatus.State.CONNECTED, OptionalLong.of(0)));
    assertThat(status.text("verdict")).isEqualTo("in_sync");
    assertThat(messages(status))
        .containsExactly("2 changes of notes do not show: the table stays home here");
    assertThat(status.objects("warnings").get(0).text("run")).isEqualTo("fazt mesh track notes");
    assertThat(new StatusView(status, NOW).isDegraded()).isFalse();
  }

  @Test
  void lostValuesAreToldOfAndNoReasonToWorry() {
    MeshView.Figures figures =
        new MeshView.Figures(
            4096,
            1,
            2,
            0,
            0,
            List.of(),
            List.of(),
            List.of(),
            2,
            5,
            EarlyWrites.NONE,
            LogFigures.NONE);
    Json.Obj status = status(figures, peer(PeerStatus.State.CONNECTED, OptionalLong.of(0)));
    assertThat(codes(status)).containsExactly("CONFLICTS");
    assertThat(new StatusView(status, NOW).isDegraded()).isFalse();
  }

  @Test
  void whatThisNodesClockHasWrittenAheadIsToldOf() {
    EarlyWrites early = new EarlyWrites(3, NOW + 10L * 365 * 24 * 3_600_000);
    MeshView.Figures figures =
        new MeshView.Figures(
            4096, 1, 2, 0, 0, List.of(), List.of(), List.of(), 0, 0, early, LogFigures.NONE);
    Json.Obj status = status(figures, peer(PeerStatus.State.CONNECTED, OptionalLong.of(0)));
    assertThat(codes(status)).containsExactly("CLOCK_WAS_AHEAD");
    assertThat(messages(status).get(0))
        .isEqualTo(
            "3 changes made here say that they were written later than now, since this machine's"
                + " clock was ahead; other nodes show them, and what is written here from now on,"
                + " only on 2035-11-20");
    assertThat(new StatusView(status, NOW).isDegraded()).isTrue();
  }

  @Test
  void whatIsUnsentIsOneFigureAndWhatIsNotTakenInYetAnother() {
    MeshView.Figures figures =
        new MeshView.Figures(
            4096,
            1,
            2,
            7,
            5,
            List.of(),
            List.of(),
            List.of(),
            0,
            0,
            EarlyWrites.NONE,
            LogFigures.NONE);
    Json.Obj database =
        status(figures, peer(PeerStatus.State.CONNECTED, OptionalLong.of(0))).object("db");
    assertThat(database.whole("untaken")).isEqualTo(7);
    assertThat(database.whole("unsent")).isEqualTo(5);
    assertThat(Warnings.unsent(figures, true).get(0).whole("count")).isEqualTo(5);
  }

  @Test
  void aMassDeleteThatWaitsIsToldOfAndTheNodeIsNotInSync() {
    List<HeldDeletes> held =
        List.of(
            new HeldDeletes("notes", "laptop", true, 60, NOW - 5_000),
            new HeldDeletes("notes", "vps", false, 1, NOW - 5_000));
    MeshView.Figures figures =
        new MeshView.Figures(
            4096, 1, 2, 0, 0, List.of(), held, List.of(), 0, 0, EarlyWrites.NONE, LogFigures.NONE);
    Json.Obj status = status(figures, peer(PeerStatus.State.CONNECTED, OptionalLong.of(0)));
    assertThat(codes(status)).containsExactly("HELD", "HELD");
    assertThat(messages(status))
        .containsExactly(
            "60 rows of notes were deleted here, in all more than half; no other node is told until"
                + " you allow it, or have the rows back with --undo",
            "vps deleted 1 row of notes, in all more than half; it stays here until you allow it,"
                + " or refuse it with --undo");
    Json.Obj entry = status.objects("warnings").get(1).object("held");
    assertThat(entry.text("table")).isEqualTo("notes");
    assertThat(entry.text("author")).isEqualTo("vps");
    assertThat(entry.whole("since")).isEqualTo(NOW - 5_000);
    assertThat(status.objects("warnings").get(0).text("run")).isEqualTo("fazt mesh allow notes");
    assertThat(new StatusView(status, NOW).isDegraded()).isTrue();
  }

  private static List<String> messages(Json.Obj status) {
    return status.objects("warnings").stream().map(warning -> warning.text("message")).toList();
  }

  @Test
  void aNodeThatSignedTwiceIsToldOf() {
    SiteId site = new SiteId(SigningKey.ofSeed(Bytes.fromHex("01".repeat(32))).verifyKey(), 1);
    Fork fork = new Fork(NODE, "vps", new Dot(site, 7), NOW);
    PeerStatus peer = peer(PeerStatus.State.CONNECTED, OptionalLong.of(0));
    Json.Obj status = status(figures(0, 0), peer, List.of(fork));
    assertThat(codes(status)).containsExactly("FORKED");
    assertThat(status.objects("warnings").get(0).whole("seq")).isEqualTo(7);
    assertThat(new StatusView(status, NOW).isDegraded()).isTrue();
  }

  private static List<String> codes(Json.Obj status) {
    return status.objects("warnings").stream().map(warning -> warning.text("code")).toList();
  }

  private static MeshView.Figures figures(long parked, long aside) {
    return figures(waiting(Waiting.Reason.COLUMN_MISSING, "colour", parked), aside);
  }

  private static List<Waiting> waiting(Waiting.Reason reason, String column, long changes) {
    return changes == 0
        ? List.of()
        : List.of(new Waiting("notes", reason, column, changes, NOW - 3_600_000, 0));
  }

  private static MeshView.Figures figures(List<Waiting> waiting, long aside) {
    List<SetAside> rows =
        aside == 0
            ? List.of()
            : List.of(
                new SetAside("u", aside, NOW - 7_200_000, "a b", "UNIQUE constraint failed: u.e"));
    return new MeshView.Figures(
        4096, 1, 2, 0, 0, waiting, List.of(), rows, 0, 0, EarlyWrites.NONE, LogFigures.NONE);
  }

  private static PeerStatus peer(PeerStatus.State state, OptionalLong clockOffset) {
    return new PeerStatus(
        new NodeId("fazt_nod_8sPq2LmX0aZr"),
        "vps",
        "jay",
        Role.FULL,
        state,
        "direct",
        "203.0.113.7:8443",
        OptionalLong.of(38),
        0,
        0,
        NOW - 1000,
        clockOffset,
        "0.1.0");
  }

  private static Json.Obj status(MeshView.Figures figures, PeerStatus peer) {
    return status(figures, peer, List.of());
  }

  private static Json.Obj status(MeshView.Figures figures, PeerStatus peer, List<Fork> forks) {
    return StatusDocument.running(
        new NodeStatus(
            NODE,
            "laptop",
            new MeshId(Hash.of(Bytes.utf8("mesh"))),
            Role.FULL,
            NodeStatus.Verdict.IN_SYNC,
            NOW - 60_000,
            Path.of("data.db"),
            "127.0.0.1:8443",
            figures,
            List.of(peer),
            forks,
            List.of(),
            0,
            0,
            0),
        NOW);
  }
}
