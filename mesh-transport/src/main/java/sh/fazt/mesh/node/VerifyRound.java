package sh.fazt.mesh.node;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import sh.fazt.mesh.roster.Member;

/**
 * Compares a running node's whole state with that of several members, one after the other.
 *
 * @param mend whether rows that are damaged here are to be mended
 * @param timeout for each
 */
record VerifyRound(NodeLife life, boolean mend, Duration timeout) {
  CompletableFuture<VerifyReport> of(Function<NodeCore, List<Member>> peers) {
    return life.ask(peers)
        .thenCompose(
            members -> {
              CompletableFuture<List<VerifyReport.PeerVerify>> all =
                  CompletableFuture.completedFuture(List.of());
              for (Member member : members) {
                all = all.thenCompose(before -> next(before, member));
              }
              return all.thenApply(VerifyReport::new);
            });
  }

  private CompletableFuture<List<VerifyReport.PeerVerify>> next(
      List<VerifyReport.PeerVerify> before, Member member) {
    return life.ask(core -> core.verify(member, mend, timeout.toMillis()))
        .thenCompose(answer -> answer)
        .thenApply(report -> Stream.concat(before.stream(), Stream.of(report)).toList());
  }
}
