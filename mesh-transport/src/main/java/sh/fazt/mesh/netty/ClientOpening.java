package sh.fazt.mesh.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Says the preamble once the server has proven its key, and opens the link when the server says it
 * back. Until then the server may still refuse us.
 */
final class ClientOpening extends ByteToMessageDecoder {
  private final String remote;
  private final LinkListener listener;
  private final LinkLimits limits;
  private final CompletableFuture<MeshLink> opened;

  /**
   * @param remote whom we call, for errors
   * @param opened what is waited for
   */
  ClientOpening(
      String remote, LinkListener listener, LinkLimits limits, CompletableFuture<MeshLink> opened) {
    this.remote = remote;
    this.listener = listener;
    this.limits = limits;
    this.opened = opened;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event instanceof SslHandshakeCompletionEvent completion) {
      if (completion.isSuccess()) {
        context.writeAndFlush(Preamble.bytes());
      } else {
        fail(context, refusal(completion.cause()));
      }
    }
    super.userEventTriggered(context, event);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws CertificateException {
    switch (Preamble.match(in)) {
      case PART -> {}
      case WHOLE -> openLink(context, in);
      case OTHER_VERSION -> {
        in.skipBytes(in.readableBytes());
        fail(context, otherVersion());
      }
      case NONE -> {
        in.skipBytes(in.readableBytes());
        fail(context, unreachable("it speaks no mesh protocol", null));
      }
    }
  }

  private void openLink(ChannelHandlerContext context, ByteBuf in) throws CertificateException {
    Preamble.skip(in);
    ChannelPipeline pipeline = context.pipeline();
    VerifyKey peer =
        Tls.peer(pipeline.get(SslHandler.class))
            .orElseThrow(() -> new CertificateException("a server without a certificate"));
    NettyLink link = new NettyLink(context.channel(), peer, listener, limits);
    pipeline.remove(Deadline.class);
    link.open();
    opened.complete(link);
    pipeline.remove(this);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    fail(context, unreachable("it closed the connection before the link was open", null));
    super.channelInactive(context);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail(context, refusal(cause));
  }

  private void fail(ChannelHandlerContext context, MeshException why) {
    opened.completeExceptionally(why);
    context.close();
  }

  private MeshException refusal(Throwable cause) {
    for (Throwable deeper = cause; deeper != null; deeper = deeper.getCause()) {
      if (deeper instanceof PinMismatchException mismatch) {
        return new MeshException(
            ErrorCode.PEER_KEY_MISMATCH,
            "another machine answers at "
                + remote
                + ", or someone in the middle: "
                + mismatch.getMessage()
                + "; nothing was sent",
            "on the inviting machine: fazt mesh invite",
            cause);
      }
    }
    return unreachable(String.valueOf(cause.getMessage()), cause);
  }

  private MeshException otherVersion() {
    return new MeshException(
        ErrorCode.VERSION_MISMATCH,
        remote + " speaks another version of the mesh protocol",
        "Update fazt on both machines");
  }

  private MeshException unreachable(String why, @Nullable Throwable cause) {
    return new MeshException(
        ErrorCode.PEER_UNREACHABLE,
        "no link to " + remote + ": " + why,
        "on the other machine: fazt mesh status",
        cause);
  }
}
