package sh.fazt.mesh.gossip;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.identity.VerifyKey;

/** What the engine decides. Outputs are performed in their order. */
public sealed interface Output {
  record Send(VerifyKey to, Message message) implements Output {}

  /**
   * Put these into the log and answer with {@link Input.Judged} or {@link Input.Postponed}. Several
   * may be joined.
   */
  record Ingest(VerifyKey from, List<Arrival> arrivals) implements Output {}

  /**
   * @param claimed what the peer says that the envelope holds
   */
  record Arrival(Dot claimed, Bytes envelope) {}

  /**
   * If these prove that their site forked, take note of it and say so with {@link Input.Forked}.
   *
   * @param claimed the place of both, as that peer says
   */
  record Prove(VerifyKey from, Dot claimed, Bytes one, Bytes other) implements Output {}

  /**
   * Read on in the log for a peer and answer with {@link Input.Provided}; the first time opens a
   * cursor that {@link CloseProvided} or the end of the ranges closes.
   *
   * @param want names the cursor, together with the peer
   * @param ranges the same each time
   * @param bytesMax how much to read at once; at least one batch
   */
  record Provide(VerifyKey peer, long want, List<DotRange> ranges, int bytesMax)
      implements Output {}

  /** Forget that cursor. */
  record CloseProvided(VerifyKey peer, long want) implements Output {}

  /** Fire this timer then; a timer that was scheduled before is moved. */
  record Schedule(Timer timer, long dueMillis) implements Output {}

  /** Merge these, and answer with {@link Input.RosterChanged} if something was new. */
  record MergeRoster(VerifyKey from, List<Bytes> ops) implements Output {}

  /**
   * From now on call these, and no others, whenever they are not linked; say {@link
   * Input.Unreached} of those that cannot be.
   *
   * @param members iterates in the order of the keys, so that one seed gives one execution
   */
  record Seek(Set<VerifyKey> members) implements Output {
    public Seek {
      members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
    }
  }

  /** Tell the application what another member's says. */
  record Hear(Broadcast.Content content) implements Output {}

  /** A message that the node itself is to answer: {@link StateAsk}, {@link StateTell}. */
  record StateHeard(VerifyKey from, Message message) implements Output {}

  /** Close the link, after what was sent on it before. The engine has forgotten it already. */
  record Drop(VerifyKey peer, String reason) implements Output {}

  /** Something that people or the node should know. */
  record Tell(Report report) implements Output {}
}
