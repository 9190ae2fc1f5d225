package sh.fazt.mesh.node;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.frame.MessageCodec;
import sh.fazt.mesh.gossip.Broadcast;
import sh.fazt.mesh.gossip.BroadcastId;
import sh.fazt.mesh.gossip.Done;
import sh.fazt.mesh.gossip.Hello;
import sh.fazt.mesh.gossip.Message;
import sh.fazt.mesh.gossip.MessageLimits;
import sh.fazt.mesh.gossip.Ping;
import sh.fazt.mesh.gossip.Pong;
import sh.fazt.mesh.gossip.SnapshotAsk;
import sh.fazt.mesh.gossip.Want;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.netty.LinkLimits;
import sh.fazt.mesh.netty.Links;
import sh.fazt.mesh.netty.ListenAddress;
import sh.fazt.mesh.netty.TlsIdentity;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.wire.BatchSeal;

/**
 * A member with a valid key and real links, which says what a test has it say and gives nothing.
 */
final class LyingMember implements AutoCloseable {
  static final String NAME = "liar";
  private static final long PATIENCE_SECONDS = 30;

  final MeshId mesh;
  final SigningKey key;
  final SiteId site;
  private final Links links;

  /**
   * @param joined its own replica, as it joined
   */
  LyingMember(Mesh joined) {
    this.mesh = joined.id();
    this.key = joined.nodeKey();
    this.site = joined.site();
    this.links = new Links(TlsIdentity.create(key), LinkLimits.DEFAULT, "0.1.0");
  }

  /** A link on which it has introduced itself. */
  Line call(MeshNode node) {
    Line line = line(node);
    line.say(hello());
    line.stays();
    return line;
  }

  /** A link on which it has said nothing. */
  Line line(MeshNode node) {
    ListenAddress address = ListenAddress.parse(node.listening());
    Line line = new Line();
    line.link = links.connect(address.host(), address.port(), Optional.empty(), line).join();
    return line;
  }

  Hello hello() {
    long now = System.currentTimeMillis();
    int version = MessageLimits.PROTOCOL_VERSION;
    return new Hello(version, mesh, site, NAME, "0.1.0", now, List.of(), Summary.EMPTY);
  }

  /** A batch of one row, for whoever's chain. */
  Batch batch(SiteId author, Optional<Head> before, Change change) {
    Dot dot = new Dot(author, before.map(Head::seq).orElse(0L) + 1);
    Hash previous = before.map(Head::hash).orElse(Hash.ZERO);
    Hlc stamp = change.hlc();
    BatchHeader header = new BatchHeader(mesh, dot, previous, 0, true, 0, stamp, stamp, List.of());
    return new Batch(header, List.of(change));
  }

  /** The same, of its own, with its signature. */
  Bytes own(Optional<Head> before, Change change) {
    return BatchSeal.sign(batch(site, before, change), key).signed().envelope();
  }

  /** A new row, written just now. */
  static Change row(String table, String id) {
    return row(table, id, Hlc.atMillis(System.currentTimeMillis()));
  }

  static Change row(String table, String id, Hlc stamp) {
    Value value = Value.of(id);
    return new Change.Insert(
        table,
        new RowKey(List.of(value)),
        stamp,
        List.of(Cell.lww("id", value), Cell.lww("v", value)));
  }

  /** One of its broadcasts. */
  Broadcast said(long seq) {
    BroadcastId id = new BroadcastId(site, 1, seq);
    long now = System.currentTimeMillis();
    return Broadcast.sign(new Broadcast.Content(mesh, id, now, Bytes.utf8("buy")), key);
  }

  @Override
  public void close() {
    links.close();
  }

  /** One of its links. */
  static final class Line implements LinkListener {
    private static final long CLOSED = Long.MIN_VALUE;
    private final BlockingQueue<Long> pongs = new LinkedBlockingQueue<>();
    private final BlockingQueue<SnapshotAsk> asks = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
    private final AtomicLong nonce = new AtomicLong();
    private volatile MeshLink link;

    void say(Message... messages) {
      for (Message each : messages) {
        say(MessageCodec.encode(each));
      }
    }

    /** Waits where the other end reads no faster. */
    void say(Bytes frame) {
      while (!link.writable() && closed.isEmpty()) {
        LockSupport.parkNanos(1_000_000);
      }
      link.send(frame);
    }

    /** All that was said is dealt with at the other end, and the link goes on. */
    void stays() {
      long number = nonce.incrementAndGet();
      say(new Ping(number, 0));
      long heard = 0;
      while (heard != number) {
        heard = next(pongs);
        if (heard == CLOSED) {
          throw new AssertionError("the link is closed: " + closed);
        }
      }
    }

    /** The other end asks for a whole state. */
    SnapshotAsk asked() {
      return next(asks);
    }

    /** The other end closes it. */
    void isClosed() {
      next(closed);
    }

    private static <T> T next(BlockingQueue<T> heard) {
      try {
        T next = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
          throw new AssertionError("nothing within " + PATIENCE_SECONDS + " s");
        }
        return next;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    void close() {
      link.close();
    }

    @Override
    public void opened(MeshLink opened) {}

    @Override
    public void frame(MeshLink from, Bytes frame) {
      try {
        Message message = MessageCodec.decode(frame);
        if (message instanceof Pong pong) {
          pongs.add(pong.nonce());
        } else if (message instanceof SnapshotAsk ask) {
          asks.add(ask);
        } else if (message instanceof Want want) {
          from.send(MessageCodec.encode(new Done(want.id())));
        }
      } catch (MalformedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void writabilityChanged(MeshLink changed) {}

    @Override
    public void closed(MeshLink gone, String reason) {
      closed.add(reason);
      pongs.add(CLOSED);
    }
  }
}
