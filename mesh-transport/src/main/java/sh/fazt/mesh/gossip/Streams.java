package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.identity.VerifyKey;

/** The answers to peers' wants: read in steps, sent while the window and the link allow. */
final class Streams {
  private final GossipConfig config;
  private final OwnLog log;
  private final Map<VerifyKey, Map<Long, Stream>> open = new TreeMap<>();

  Streams(GossipConfig config, OwnLog log) {
    this.config = config;
    this.log = log;
  }

  void want(Turn turn, PeerState peer, Want want) {
    Map<Long, Stream> streams = open.computeIfAbsent(peer.key, key -> new TreeMap<>());
    List<DotRange> held = held(want.ranges());
    if (want.ranges().stream().anyMatch(range -> range.from() <= log.floors().seq(range.site()))) {
      turn.send(peer, new Floors(log.floors()));
    }
    if (streams.containsKey(want.id())) {
      turn.punish(peer, "want " + want.id() + " twice");
    } else if (streams.size() >= config.pulling().wantsPerPeerMax()) {
      turn.punish(peer, "more than " + streams.size() + " wants");
    } else if (held.isEmpty()) {
      turn.send(peer, new Done(want.id()));
    } else {
      Stream stream = new Stream(peer, want.id(), held, want.windowBytes());
      streams.put(want.id(), stream);
      stream.pump(turn, config.pushing().readBytes());
    }
  }

  void grant(Turn turn, PeerState peer, Grant grant) {
    Stream stream = streams(peer).get(grant.id());
    if (stream != null) {
      stream.widen(grant.bytes());
      stream.pump(turn, config.pushing().readBytes());
    }
  }

  void stop(Turn turn, PeerState peer, Stop stop) {
    if (streams(peer).remove(stop.id()) != null) {
      turn.add(new Output.CloseProvided(peer.key, stop.id()));
    }
  }

  void provided(Turn turn, PeerState peer, Input.Provided provided) {
    Stream stream = streams(peer).get(provided.want());
    if (stream == null) {
      return;
    }
    stream.read(provided.batches());
    if (provided.batches().isEmpty()) {
      streams(peer).remove(provided.want());
      turn.send(peer, new Done(provided.want()));
    } else {
      stream.pump(turn, config.pushing().readBytes());
    }
  }

  void fired(Turn turn, Timer.Stream due) {
    Stream stream = open.getOrDefault(due.peer(), Map.of()).get(due.want());
    if (stream != null) {
      stream.resume(turn, config.pushing().readBytes());
    }
  }

  void writable(Turn turn, PeerState peer) {
    for (Stream stream : List.copyOf(streams(peer).values())) {
      stream.pump(turn, config.pushing().readBytes());
    }
  }

  void down(Turn turn, PeerState peer) {
    Map<Long, Stream> streams = open.remove(peer.key);
    if (streams != null) {
      streams.keySet().forEach(id -> turn.add(new Output.CloseProvided(peer.key, id)));
    }
  }

  private Map<Long, Stream> streams(PeerState peer) {
    return open.getOrDefault(peer.key, new TreeMap<>());
  }

  /** What we hold of that; of a forked site the log knows, which has more than the trunk. */
  private List<DotRange> held(List<DotRange> wanted) {
    List<DotRange> held = new ArrayList<>();
    for (DotRange range : wanted) {
      boolean forked = log.limit(range.site()) < Long.MAX_VALUE;
      long to = forked ? range.to() : Math.min(range.to(), log.seq(range.site()));
      long floor = forked ? 0 : log.floors().seq(range.site());
      long from = Math.max(range.from(), floor + 1);
      if (to >= from) {
        held.add(new DotRange(range.site(), from, to));
      }
    }
    return held;
  }
}
