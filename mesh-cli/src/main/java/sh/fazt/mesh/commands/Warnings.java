package sh.fazt.mesh.commands;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import sh.fazt.mesh.EarlyWrites;
import sh.fazt.mesh.Fork;
import sh.fazt.mesh.MeshView;
import sh.fazt.mesh.SetAside;
import sh.fazt.mesh.Waiting;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.node.Hindrance;
import sh.fazt.mesh.node.NodeStatus;
import sh.fazt.mesh.node.PeerStatus;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Screen;
import sh.fazt.mesh.output.Units;
import sh.fazt.mesh.roster.Role;

/** What a person should know of a node: {@code warnings} of {@code --format json}. */
final class Warnings {
  static final String PEER_OFFLINE = "PEER_OFFLINE";
  static final String PARKED = "PARKED";
  static final String HELD = "HELD";
  static final String CLOCK_SKEW = "CLOCK_SKEW";
  private static final String NOT_SHOWN = "NOT_SHOWN";
  static final String WRITES_STAY = "WRITES_STAY";
  private static final String CONFLICTS = "CONFLICTS";
  private static final String SET_ASIDE = "SET_ASIDE";

  /** Told, and no reason to worry. */
  private static final Set<String> NORMAL = Set.of(PEER_OFFLINE, NOT_SHOWN, CONFLICTS, WRITES_STAY);

  /** A clock that is off by more makes its writes wait elsewhere. */
  private static final long SKEW_MILLIS_MAX = 5 * 60_000;

  private static final int WAITING_MAX = 5;

  private Warnings() {}

  /** Whether somebody should do something about it. */
  static boolean isGrave(Json.Obj warning) {
    return !NORMAL.contains(warning.text("code"));
  }

  /** What such figures say, and whether the node may not write. */
  static List<Json.Obj> of(NodeStatus status) {
    List<Json.Obj> warnings = of(status.figures());
    warnings.addAll(of(status.role()));
    return warnings;
  }

  /** What waits, what is set aside, what lost. */
  static List<Json.Obj> of(MeshView.Figures figures) {
    List<Json.Obj> warnings = new ArrayList<>();
    figures.held().stream().map(HeldDocument::warning).forEach(warnings::add);
    if (figures.early().changes() > 0) {
      warnings.add(of(figures.early()));
    }
    figures.waiting().stream().limit(WAITING_MAX).map(Warnings::of).forEach(warnings::add);
    if (figures.waiting().size() > WAITING_MAX) {
      long more = figures.waiting().stream().skip(WAITING_MAX).mapToLong(Waiting::changes).sum();
      warnings.add(
          warning(PARKED, Units.count(more, "more change") + (more == 1 ? " waits" : " wait"))
              .with("count", more)
              .with("run", "fazt mesh tables"));
    }
    figures.setAside().stream().limit(WAITING_MAX).map(Warnings::of).forEach(warnings::add);
    if (figures.setAside().size() > WAITING_MAX) {
      long more = figures.setAside().stream().skip(WAITING_MAX).mapToLong(SetAside::rows).sum();
      warnings.add(
          warning(
                  SET_ASIDE,
                  Units.count(more, "more row") + (more == 1 ? " is" : " are") + " set aside")
              .with("count", more)
              .with("run", "fazt mesh tables"));
    }
    if (figures.conflicts24h() > 0) {
      long more = figures.conflicts() - figures.conflicts24h();
      warnings.add(
          warning(
                  CONFLICTS,
                  Units.count(figures.conflicts24h(), "value")
                      + " lost to a concurrent write within a day"
                      + (more > 0 ? ", " + Units.count(more) + " before" : "")
                      + "; kept, and can be written back")
              .with("count", figures.conflicts24h())
              .with("run", "fazt mesh conflicts"));
    }
    return warnings;
  }

  private static Json.Obj of(EarlyWrites early) {
    LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(early.untilMillis()), ZoneOffset.UTC);
    return warning(
            "CLOCK_WAS_AHEAD",
            Units.count(early.changes(), "change")
                + " made here say"
                + (early.changes() == 1 ? "s that it was" : " that they were")
                + " written later than now, since this machine's clock was ahead; other nodes show "
                + (early.changes() == 1 ? "it" : "them")
                + ", and what is written here from now on, only on "
                + day)
        .with("count", early.changes())
        .with("until", early.untilMillis())
        .with("run", "fazt mesh restamp");
  }

  private static Json.Obj of(SetAside aside) {
    return warning(
            SET_ASIDE,
            Units.count(aside.rows(), "row")
                + " of "
                + aside.table()
                + (aside.rows() == 1 ? " is" : " are")
                + " set aside, alive but kept out by a rule: "
                + aside.rule())
        .with("count", aside.rows())
        .with("set_aside", StatusDocument.of(aside))
        .with(
            "run",
            "fazt mesh explain "
                + Session.quoted(aside.table())
                + " "
                + Session.quoted(aside.keyText()));
  }

  private static Json.Obj of(Waiting waiting) {
    Json.Obj entry = WaitingDocument.of(waiting);
    String run = waiting.isDeclined() ? "fazt mesh track " + waiting.table() : "fazt mesh tables";
    return warning(waiting.isDeclined() ? NOT_SHOWN : PARKED, WaitingDocument.sentence(entry))
        .with("count", waiting.changes())
        .with("waiting", entry)
        .with("run", run);
  }

  /** What was written here and is nowhere else, of a node that reaches nobody. */
  static List<Json.Obj> unsent(MeshView.Figures figures, boolean running) {
    long unsent = figures.unsent();
    if (unsent == 0) {
      return List.of();
    }
    String made = Units.count(unsent, "change") + " made here ";
    String text =
        unsent == 1
            ? made + "is not known to be on another node; it goes out "
            : made + "are not known to be on another node; they go out ";
    return List.of(
        warning("UNSENT", text + (running ? "when one is in reach" : "once the daemon runs"))
            .with("count", unsent));
  }

  /** What is odd about a peer. */
  static List<Json.Obj> of(PeerStatus peer) {
    if (peer.state() == PeerStatus.State.OFFLINE) {
      return List.of(
          warning(PEER_OFFLINE, peer.name() + " is offline")
              .with("peer", peer.name())
              .with("since", peer.lastSyncMillis()));
    }
    long offset = peer.clockOffsetMillis().orElse(0);
    if (Math.abs(offset) <= SKEW_MILLIS_MAX) {
      return List.of();
    }
    return List.of(
        warning(
                CLOCK_SKEW,
                "the clock of "
                    + peer.name()
                    + " is "
                    + Units.duration(Math.abs(offset))
                    + (offset > 0 ? " ahead of" : " behind")
                    + " this machine's; one of the two is wrong")
            .with("peer", peer.name())
            .with("offset_ms", offset)
            .with("run", "timedatectl"));
  }

  /** That a node may not write. */
  static List<Json.Obj> of(Role role) {
    if (role == Role.FULL) {
      return List.of();
    }
    return List.of(
        warning(
                WRITES_STAY,
                (role == Role.READ ? "this node only reads" : "this node only relays")
                    + ": what is written here goes to the conflicts, and the rows show again what the"
                    + " mesh has")
            .with("run", "fazt mesh conflicts"));
  }

  /** What keeps this node from its work. */
  static Json.Obj of(MeshException fault) {
    Json.Obj warning = warning(fault.code().name(), String.valueOf(fault.getMessage()));
    return fault.remedy().map(run -> warning.with("run", run)).orElse(warning);
  }

  /** What keeps this node from a part of its work. */
  static Json.Obj of(Hindrance hindrance) {
    Json.Obj warning = warning(hindrance.code().name(), hindrance.message());
    return hindrance.remedy().map(run -> warning.with("run", run)).orElse(warning);
  }

  /** One line, with the command that says more of it. */
  static void show(Screen screen, Json.Obj warning) {
    String run = warning.text("run");
    screen.say(
        Set.of(NOT_SHOWN, WRITES_STAY).contains(warning.text("code")) ? Glyph.INFO : Glyph.WARNING,
        warning.text("message") + (run.isEmpty() ? "" : "      Run: " + run));
  }

  /** The same warnings with commands that mean this session's database. */
  static Json.Obj ofSession(Session session, Json.Obj document) {
    return document.has("warnings")
        ? document.with(
            "warnings",
            Json.array(
                document.objects("warnings").stream()
                    .map(
                        warning ->
                            warning.has("run")
                                ? warning.with("run", session.command(warning.text("run")))
                                : warning)
                    .toList()))
        : document;
  }

  /** A key that signed two things at once. */
  static Json.Obj of(Fork fork) {
    return warning(
            "FORKED",
            fork.name()
                + " signed two different batches with one number: its files were put back to an older"
                + " state or copied, or it lies. What it wrote either way is kept")
        .with("peer", fork.name())
        .with("id", fork.node().text())
        .with("seq", fork.held().seq())
        .with("found_at", fork.foundMillis());
  }

  static Json.Obj warning(String code, String message) {
    return Json.object().with("code", code).with("message", message);
  }
}
