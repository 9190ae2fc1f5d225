package sh.fazt.mesh.node;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.netty.Links;
import sh.fazt.mesh.netty.ListenAddress;
import sh.fazt.mesh.roster.Pin;

/** Calls the members that have no link, each at its own pace. Confined to the mesh thread. */
final class Caller {
  private static final Logger LOG = LoggerFactory.getLogger(Caller.class);

  private final MeshLoop loop;
  private final Links links;
  private final LinkListener listener;
  private final PeerBook book;
  private final Set<VerifyKey> calling = new HashSet<>();

  /** The name of a peer's timer. */
  private record Redial(VerifyKey peer) {}

  Caller(MeshLoop loop, Links links, LinkListener listener, PeerBook book) {
    this.loop = loop;
    this.links = links;
    this.listener = listener;
    this.book = book;
  }

  /** Calls a peer unless a call is under way or waits for its time. */
  void call(VerifyKey peer) {
    if (!calling.contains(peer) && !loop.awaits(new Redial(peer))) {
      dial(peer);
    }
  }

  /** Calls a peer at once, whatever failed before. */
  void callNow(VerifyKey peer) {
    loop.cancel(new Redial(peer));
    book.forgive(peer);
    call(peer);
  }

  /** Calls a peer after a while, as after a failed call. */
  void later(VerifyKey peer) {
    loop.after(book.failed(peer), new Redial(peer), () -> dial(peer));
  }

  /** Whether a call to the peer is under way. */
  boolean isCalling(VerifyKey peer) {
    return calling.contains(peer);
  }

  /** Gives up a peer that is no longer to be called. */
  void forget(VerifyKey peer) {
    loop.cancel(new Redial(peer));
  }

  private void dial(VerifyKey peer) {
    Optional<String> address = book.nextAddress(peer);
    if (address.isEmpty()) {
      return;
    }
    calling.add(peer);
    ListenAddress target = ListenAddress.parse(address.get());
    links
        .connect(target.host(), target.port(), Optional.of(Pin.of(peer)), listener)
        .whenComplete(
            (link, failure) -> loop.execute(() -> answered(peer, address.get(), failure)));
  }

  private void answered(VerifyKey peer, String address, @Nullable Throwable failure) {
    calling.remove(peer);
    if (failure == null) {
      book.reached(peer, address);
      return;
    }
    long delay = book.failed(peer);
    LOG.debug("{} not reached at {}: {}", NodeId.of(peer), address, failure.getMessage());
    loop.after(delay, new Redial(peer), () -> dial(peer));
  }
}
