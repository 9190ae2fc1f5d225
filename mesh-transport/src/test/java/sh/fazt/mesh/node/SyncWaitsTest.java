package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.gossip.PeerView;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Role;
import sh.fazt.mesh.roster.Standing;

final class SyncWaitsTest {
  private static final long START = 1_000;
  private static final long DEADLINE = 2_000;

  private final VerifyKey key = SigningKey.generate(Chance.from(new Random(1))).verifyKey();
  private final Member peer = new Member(key, "vps", key, "jay", Role.FULL, 0, Standing.PRESENT);
  private final CompletableFuture<SyncReport> answer = new CompletableFuture<>();
  private final SyncWaits waits = new SyncWaits();

  /** A peer that is level with all that was signed, at one time. */
  private record Level(VerifyKey peer, long nowMillis, boolean isTakingIn, boolean linksAll)
      implements SyncWaits.Standing {
    @Override
    public Map<VerifyKey, PeerView> views() {
      OptionalLong none = OptionalLong.empty();
      return Map.of(
          peer, new PeerView(peer, true, Optional.empty(), 0, 0, nowMillis, nowMillis, none, none));
    }

    @Override
    public boolean isWithinReach(VerifyKey asked) {
      return asked.equals(peer);
    }

    @Override
    public long rowsReceived() {
      return 0;
    }

    @Override
    public long rowsSent() {
      return 0;
    }
  }

  private void ask(int enough) {
    waits.add(new SyncWaits.Wait(List.of(peer), enough, START, DEADLINE, Map.of(), 0, 0, answer));
  }

  @Test
  void aPeerThatHoldsAllIsReported() {
    ask(1);
    waits.look(new Level(key, START + 1, false, true));
    assertThat(answer.join().holders()).isEqualTo(1);
  }

  @Test
  void whoIsNotLinkedInALargeMeshIsNotSaidToBeOffline() {
    VerifyKey other = SigningKey.generate(Chance.from(new Random(2))).verifyKey();
    Member third = new Member(other, "nas", other, "jay", Role.FULL, 0, Standing.PRESENT);
    for (boolean linksAll : List.of(true, false)) {
      CompletableFuture<SyncReport> said = new CompletableFuture<>();
      waits.add(new SyncWaits.Wait(List.of(peer, third), 0, START, DEADLINE, Map.of(), 0, 0, said));
      waits.look(new Level(key, START + 1, false, linksAll));
      assertThat(said.join().peers())
          .extracting(SyncReport.PeerSync::state)
          .containsExactly(
              SyncReport.State.SYNCED,
              linksAll ? SyncReport.State.OFFLINE : SyncReport.State.NOT_LINKED);
    }
  }

  /** Such as when the disk refuses to keep what the application wrote. */
  @Test
  void nobodyHoldsWhatIsNotTakenInYetAlsoWhenTimeIsOver() {
    ask(1);
    waits.look(new Level(key, START + 1, true, true));
    assertThat(answer).isNotDone();
    waits.look(new Level(key, DEADLINE, true, true));
    assertThat(answer.join().holders()).isZero();
  }
}
