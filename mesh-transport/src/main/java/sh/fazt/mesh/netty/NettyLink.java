package sh.fazt.mesh.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * A link over one TLS connection. A frame is its length in four bytes, big-endian, then its bytes.
 */
final class NettyLink extends SimpleChannelInboundHandler<ByteBuf> implements MeshLink {
  private static final Logger LOG = LoggerFactory.getLogger(NettyLink.class);
  private static final int HEADER_BYTES = 4;

  private final Channel channel;
  private final VerifyKey peer;
  private final LinkListener listener;
  private final int queueBytesMax;
  private final String address;
  private final AtomicReference<String> reason = new AtomicReference<>("");
  private volatile boolean parted;

  NettyLink(Channel channel, VerifyKey peer, LinkListener listener, LinkLimits limits) {
    this.channel = channel;
    this.peer = peer;
    this.listener = listener;
    this.queueBytesMax = limits.queueBytesMax();
    this.address = Addresses.text(channel.remoteAddress());
  }

  /** Takes the end of the pipeline over, on the channel's thread, and tells the listener. */
  void open() {
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(
        new LengthFieldBasedFrameDecoder(
            HEADER_BYTES + FRAME_BYTES_MAX, 0, HEADER_BYTES, 0, HEADER_BYTES),
        this);
    try {
      listener.opened(this);
    } catch (RuntimeException e) {
      fault(e);
    }
  }

  @Override
  public void send(Bytes frame) {
    if (frame.isEmpty() || frame.size() > FRAME_BYTES_MAX) {
      throw new IllegalArgumentException("frame of " + frame.size() + " bytes");
    }
    if (channel.bytesBeforeWritable() > queueBytesMax) {
      end("the peer reads too slowly: over " + queueBytesMax + " bytes queued");
      return;
    }
    ByteBuf out = channel.alloc().buffer(HEADER_BYTES + frame.size());
    channel.writeAndFlush(out.writeInt(frame.size()).writeBytes(frame.unsafeArray()));
  }

  @Override
  public boolean writable() {
    return channel.isWritable();
  }

  @Override
  public void read(boolean on) {
    channel.config().setAutoRead(on);
  }

  @Override
  public VerifyKey peer() {
    return peer;
  }

  @Override
  public String path() {
    return "direct";
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public void close() {
    parted = true;
    end("closed here");
  }

  @Override
  public boolean isParted() {
    return parted;
  }

  private void end(String why) {
    reason.compareAndSet("", why);
    channel.close();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf in) {
    if (!in.isReadable()) {
      end("the peer sent an empty frame");
      return;
    }
    byte[] frame = new byte[in.readableBytes()];
    in.readBytes(frame);
    listener.frame(this, Bytes.wrap(frame));
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    listener.writabilityChanged(this);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    reason.compareAndSet("", "closed by the peer");
    listener.closed(this, reason.get());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException || cause instanceof DecoderException) {
      end("the connection failed: " + cause.getMessage());
    } else {
      fault(cause);
    }
  }

  private void fault(Throwable cause) {
    LOG.error("the listener of the link to {} failed", address, cause);
    end("a fault of ours");
  }

  @Override
  public String toString() {
    return "link to " + peer + " at " + address;
  }
}
