package sh.fazt.mesh.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.identity.VerifyKey;

/** Reads the first bytes of a caller and makes its connection a mesh link or an HTTP exchange. */
final class ServerOpening extends ByteToMessageDecoder {
  private static final Logger LOG = LoggerFactory.getLogger(ServerOpening.class);

  private final Places.Place place;
  private final LinkListener listener;
  private final LinkLimits limits;
  private final String version;

  ServerOpening(Places.Place place, LinkListener listener, LinkLimits limits, String version) {
    this.place = place;
    this.listener = listener;
    this.limits = limits;
    this.version = version;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws CertificateException {
    switch (Preamble.match(in)) {
      case PART -> {}
      case WHOLE -> openLink(context, in);
      case OTHER_VERSION -> {
        in.skipBytes(in.readableBytes());
        context.writeAndFlush(Preamble.bytes());
        context.close();
      }
      case NONE -> openHttp(context);
    }
  }

  private void openLink(ChannelHandlerContext context, ByteBuf in) throws CertificateException {
    ChannelPipeline pipeline = context.pipeline();
    Optional<VerifyKey> peer = Tls.peer(pipeline.get(SslHandler.class));
    if (peer.isEmpty()) {
      in.skipBytes(in.readableBytes());
      context.close();
      return;
    }
    Preamble.skip(in);
    place.settle();
    context.writeAndFlush(Preamble.bytes());
    pipeline.remove(Deadline.class);
    new NettyLink(context.channel(), peer.get(), listener, limits).open();
    pipeline.remove(this);
  }

  private void openHttp(ChannelHandlerContext context) {
    ChannelPipeline pipeline = context.pipeline();
    pipeline.addLast(
        new HttpServerCodec(
            LinkLimits.HTTP_LINE_BYTES_MAX,
            LinkLimits.HTTP_HEADER_BYTES_MAX,
            LinkLimits.HTTP_CHUNK_BYTES_MAX),
        new StatusHandler(version));
    pipeline.remove(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    String caller = Addresses.text(context.channel().remoteAddress());
    LOG.debug("refused {}: {}", caller, cause.getMessage());
    context.close();
  }
}
