package sh.fazt.mesh.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;

final class HttpsTest {
  private static final SigningKey NODE = SigningKey.generate(Chance.from(new SplittableRandom(8)));

  private final Ear ear = new Ear();
  private final Links links = new Links(TlsIdentity.create(NODE), LinkLimits.DEFAULT, "0.1.0");
  private int port;

  @BeforeEach
  void listen() {
    port = links.listen(new ListenAddress("127.0.0.1", 0), ear).port();
  }

  @AfterEach
  void close() {
    links.close();
  }

  @Test
  void anybodyMayAskForTheStatus() throws Exception {
    HttpResponse<String> answer = get("/api/mesh/status");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            """
            {"data":{"service":"fazt mesh","protocol":1,"version":"0.1.0"}}
            """);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(ear.opened).isEmpty();
  }

  @Test
  void otherPathsAreNotFound() throws Exception {
    HttpResponse<String> answer = get("/");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("\"code\":\"NOT_FOUND\"");
  }

  /** As a web page's script would: of all paths one is read, and none does anything. */
  @Test
  void aWebPageMayReadTheStatusAndNothingElse() throws Exception {
    for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS")) {
      HttpResponse<String> answer = ask(method, "/api/mesh/status");
      assertThat(answer.statusCode()).as(method).isEqualTo(405);
      assertThat(answer.headers().map()).doesNotContainKey("access-control-allow-origin");
    }
    for (String path :
        List.of("/api/mesh/remove", "/api/mesh/status/", "/api/mesh/invite", "/%2e")) {
      assertThat(ask("POST", path).statusCode()).as(path).isEqualTo(404);
    }
    assertThat(ear.opened).isEmpty();
  }

  @Test
  void whatIsNeitherMeshNorHttpIsABadRequest() throws Exception {
    try (SSLSocket raw = Raw.connectWithoutCertificate(port)) {
      Raw.say(raw, "FZT\r\n\r\n");
      assertThat(Raw.readAll(raw.getInputStream()).asUtf8()).contains(" 400 ");
    }
  }

  @Test
  void headersOverTheLimitAreABadRequest() throws Exception {
    try (SSLSocket raw = Raw.connectWithoutCertificate(port)) {
      String header = "x".repeat(LinkLimits.HTTP_HEADER_BYTES_MAX + 1);
      Raw.say(raw, "GET /api/mesh/status HTTP/1.1\r\nx: " + header + "\r\n\r\n");
      assertThat(Raw.readAll(raw.getInputStream()).asUtf8()).contains(" 400 ");
    }
  }

  @Test
  void aFirstLineOverTheLimitIsABadRequest() throws Exception {
    try (SSLSocket raw = Raw.connectWithoutCertificate(port)) {
      String query = "x".repeat(LinkLimits.HTTP_LINE_BYTES_MAX);
      Raw.say(raw, "GET /api/mesh/status?" + query + " HTTP/1.1\r\n\r\n");
      assertThat(Raw.readAll(raw.getInputStream()).asUtf8()).contains(" 400 ");
    }
  }

  @Test
  void aBodyOverTheLimitOfAPartIsReadByNobodyAndKeptNowhere() {
    Places.Place place = new Places(LinkLimits.DEFAULT).take().orElseThrow();
    EmbeddedChannel channel =
        new EmbeddedChannel(new ServerOpening(place, ear, LinkLimits.DEFAULT, "0.1.0"));
    int size = 3 * LinkLimits.HTTP_CHUNK_BYTES_MAX;
    String head = "POST /api/mesh/status HTTP/1.1\r\ncontent-length: " + size + "\r\n\r\n";
    ByteBuf request = Unpooled.copiedBuffer(head + "x".repeat(size), StandardCharsets.US_ASCII);
    channel.writeInbound(request);
    ByteBuf answer = channel.readOutbound();
    assertThat(answer.toString(StandardCharsets.US_ASCII)).contains(" 405 ");
    answer.release();
    assertThat(channel.isOpen()).isFalse();
    assertThat(request.refCnt()).isZero();
    assertThat(channel.finishAndReleaseAll()).as("something left over").isFalse();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return ask("GET", path);
  }

  private HttpResponse<String> ask(String method, String path) throws Exception {
    HttpClient client =
        HttpClient.newBuilder()
            .sslContext(Raw.context(new KeyManager[0], new Raw.TrustAll()))
            .build();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("content-type", "application/json")
            .timeout(Duration.ofSeconds(20))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
