package sh.fazt.mesh.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection some time after its TLS handshake, unless it is taken out of the pipeline
 * before.
 */
final class Deadline extends ChannelInboundHandlerAdapter {
  private final int millis;
  private Future<?> closing = ImmediateEventExecutor.INSTANCE.newSucceededFuture(null);

  Deadline(int millis) {
    this.millis = millis;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent completion && completion.isSuccess()) {
      closing = context.executor().schedule(() -> context.close(), millis, TimeUnit.MILLISECONDS);
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    closing.cancel(false);
  }
}
