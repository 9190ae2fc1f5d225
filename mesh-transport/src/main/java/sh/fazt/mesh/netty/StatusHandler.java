package sh.fazt.mesh.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import sh.fazt.mesh.roster.AdmissionMessage;

/** Answers one HTTP request of anybody and closes: whether a mesh node lives here, and no more. */
final class StatusHandler extends SimpleChannelInboundHandler<HttpObject> {
  private static final String STATUS_PATH = "/api/mesh/status";

  private final String version;
  private boolean answered;

  /**
   * @param version of this program
   */
  StatusHandler(String version) {
    this.version = version;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
    if (answered || !(part instanceof HttpRequest request)) {
      return;
    }
    answered = true;
    FullHttpResponse response;
    if (request.decoderResult().isFailure()) {
      response = error(HttpResponseStatus.BAD_REQUEST, "BAD_REQUEST", "not an HTTP request");
    } else if (!request.uri().equals(STATUS_PATH)) {
      response = error(HttpResponseStatus.NOT_FOUND, "NOT_FOUND", "no such path");
    } else if (!request.method().equals(HttpMethod.GET)) {
      response = error(HttpResponseStatus.METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "GET it");
    } else {
      response = status();
    }
    context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  private FullHttpResponse status() {
    return json(
        HttpResponseStatus.OK,
        "{\"data\":{\"service\":\"fazt mesh\",\"protocol\":%s,\"version\":\"%s\"}}"
            .formatted(AdmissionMessage.PROTOCOL, version));
  }

  private static FullHttpResponse error(HttpResponseStatus status, String code, String message) {
    return json(
        status, "{\"error\":{\"code\":\"%s\",\"message\":\"%s\"}}".formatted(code, message));
  }

  private static FullHttpResponse json(HttpResponseStatus status, String text) {
    ByteBuf body = Unpooled.copiedBuffer(text + "\n", StandardCharsets.UTF_8);
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
        .setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    return response;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
