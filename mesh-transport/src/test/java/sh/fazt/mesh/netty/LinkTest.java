package sh.fazt.mesh.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.KeyPair;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.roster.Pin;

final class LinkTest {
  private static final Chance CHANCE = Chance.from(new SplittableRandom(7));
  private static final SigningKey SERVER = SigningKey.generate(CHANCE);
  private static final SigningKey CLIENT = SigningKey.generate(CHANCE);
  private static final SigningKey OTHER = SigningKey.generate(CHANCE);
  private static final Optional<Pin> PIN = Optional.of(Pin.of(SERVER.verifyKey()));
  private static final LinkLimits QUICK =
      new LinkLimits(2_000, 150, 150, 8, 2, 32 << 10, 64 << 10, 2 << 20);

  private final Ear server = new Ear();
  private final Ear client = new Ear();
  private Links serving = new Links(TlsIdentity.create(SERVER), LinkLimits.DEFAULT, "0.1.0");
  private final Links calling = new Links(TlsIdentity.create(CLIENT), LinkLimits.DEFAULT, "0.1.0");

  @AfterEach
  void close() {
    calling.close();
    serving.close();
  }

  @Test
  void bothSidesLearnTheOthersKeyAndFramesArriveInOrder() throws Exception {
    MeshLink link = connect(calling, listen(), PIN).get(20, TimeUnit.SECONDS);
    MeshLink back = Ear.next(server.opened);
    assertThat(link.peer()).isEqualTo(SERVER.verifyKey());
    assertThat(back.peer()).isEqualTo(CLIENT.verifyKey());
    assertThat(Ear.next(client.opened)).isSameAs(link);
    Bytes largest = CHANCE.bytes(MeshLink.FRAME_BYTES_MAX);
    link.send(Bytes.fromHex("01"));
    link.send(largest);
    back.send(Bytes.fromHex("02"));
    assertThat(Ear.next(server.frames)).isEqualTo(Bytes.fromHex("01"));
    assertThat(Ear.next(server.frames)).isEqualTo(largest);
    assertThat(Ear.next(client.frames)).isEqualTo(Bytes.fromHex("02"));
    assertThat(link.address()).startsWith("127.0.0.1:");
  }

  @Test
  void closingIsHeardOnceOnBothSidesAfterWhatWasQueued() throws Exception {
    MeshLink link = connect(calling, listen(), PIN).get(20, TimeUnit.SECONDS);
    link.send(Bytes.fromHex("01"));
    link.close();
    link.close();
    assertThat(Ear.next(client.closed)).isEqualTo("closed here");
    assertThat(Ear.next(server.closed)).isEqualTo("closed by the peer");
    assertThat(server.frames).containsExactly(Bytes.fromHex("01"));
    assertThat(client.closed).isEmpty();
    link.send(Bytes.fromHex("02"));
  }

  @Test
  void aFrameEmptyOrTooLongIsNotSent() throws Exception {
    MeshLink link = connect(calling, listen(), PIN).get(20, TimeUnit.SECONDS);
    Bytes long1 = CHANCE.bytes(MeshLink.FRAME_BYTES_MAX + 1);
    assertThatThrownBy(() -> link.send(long1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> link.send(Bytes.EMPTY)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anotherNodeThanThePinnedOneIsLeftBeforeAnythingIsSent() throws Exception {
    try (SpyServer spy = SpyServer.start(TlsIdentity.create(OTHER), Preamble.TEXT)) {
      assertThat(failure(connect(calling, spy.port(), PIN)).code())
          .isEqualTo(ErrorCode.PEER_KEY_MISMATCH);
      assertThat(spy.outcome()).isInstanceOf(SSLHandshakeException.class);
      assertThat(spy.sawClientCertificate()).isFalse();
      assertThat(client.opened).isEmpty();
    }
  }

  @Test
  void aCertificateWithoutItsNodesSignatureIsRefusedByTheServer() throws Exception {
    try (Links forger = new Links(forged(), LinkLimits.DEFAULT, "0.1.0")) {
      assertThat(failure(connect(forger, listen(), PIN)).code())
          .isEqualTo(ErrorCode.PEER_UNREACHABLE);
    }
    assertThat(server.opened).isEmpty();
  }

  @Test
  void aCertificateWithoutItsNodesSignatureIsRefusedByTheClient() throws Exception {
    try (Links forger = new Links(forged(), LinkLimits.DEFAULT, "0.1.0");
        LinkServer there = forger.listen(new ListenAddress("127.0.0.1", 0), server)) {
      assertThat(failure(connect(calling, there.port(), PIN)))
          .hasMessageContaining("binding not signed by node");
    }
  }

  @Test
  void aFrameOverTheLimitClosesTheLink() throws Exception {
    try (SSLSocket raw = Raw.connect(listen(), TlsIdentity.create(CLIENT))) {
      Raw.say(raw, Preamble.TEXT);
      assertThat(Ear.next(server.opened).peer()).isEqualTo(CLIENT.verifyKey());
      Raw.say(raw, Bytes.fromHex("00100001"));
      assertThat(Ear.next(server.closed)).contains("1048580");
      assertThat(server.frames).isEmpty();
    }
  }

  @Test
  void anEmptyFrameClosesTheLink() throws Exception {
    try (SSLSocket raw = Raw.connect(listen(), TlsIdentity.create(CLIENT))) {
      Raw.say(raw, Preamble.TEXT);
      Raw.say(raw, Bytes.fromHex("00000000"));
      assertThat(Ear.next(server.closed)).isEqualTo("the peer sent an empty frame");
    }
  }

  @Test
  void aReaderThatStopsTurnsTheWriterUnwritableAndBackWhenItGoesOn() throws Exception {
    MeshLink link = connect(calling, listen(), PIN).get(20, TimeUnit.SECONDS);
    MeshLink back = Ear.next(server.opened);
    back.read(false);
    int sent = 0;
    do {
      while (link.writable()) {
        link.send(CHANCE.bytes(256 << 10));
        sent++;
      }
    } while (Ear.next(client.writable));
    back.read(true);
    while (!Ear.next(client.writable)) {
      assertThat(client.closed).isEmpty();
    }
    for (int i = 0; i < sent; i++) {
      assertThat(Ear.next(server.frames).size()).isEqualTo(256 << 10);
    }
  }

  @Test
  void aWriterThatIgnoresItsFullQueueLosesTheLink() throws Exception {
    try (Links impatient = new Links(TlsIdentity.create(CLIENT), QUICK, "0.1.0")) {
      MeshLink link = connect(impatient, listen(), PIN).get(20, TimeUnit.SECONDS);
      Ear.next(server.opened).read(false);
      Bytes frame = CHANCE.bytes(MeshLink.FRAME_BYTES_MAX);
      while (client.closed.isEmpty()) {
        link.send(frame);
      }
      assertThat(Ear.next(client.closed)).startsWith("the peer reads too slowly");
    }
  }

  @Test
  void aConnectionThatNeverBeginsTlsIsClosed() throws Exception {
    try (Socket silent = Raw.plain(listenQuick())) {
      assertThat(Raw.readAll(silent.getInputStream())).isNotNull();
    }
  }

  @Test
  void aConnectionSilentAfterTlsIsClosed() throws Exception {
    try (SSLSocket silent = Raw.connect(listenQuick(), TlsIdentity.create(CLIENT))) {
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void anOpenLinkMayStaySilent() throws Exception {
    MeshLink link = connect(calling, listenQuick(), PIN).get(20, TimeUnit.SECONDS);
    try (SSLSocket silent = Raw.connect(listenQuickPort, TlsIdentity.create(OTHER))) {
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    }
    link.send(Bytes.fromHex("01"));
    assertThat(Ear.next(server.frames)).isEqualTo(Bytes.fromHex("01"));
  }

  @Test
  void strangersOverTheLimitAreTurnedAwayAndLinksAreNoStrangers() throws Exception {
    LinkLimits patient = new LinkLimits(2_000, 20_000, 20_000, 8, 2, 1 << 20, 2 << 20, 4 << 20);
    serving.close();
    serving = new Links(TlsIdentity.create(SERVER), patient, "0.1.0");
    int port = listen();
    connect(calling, port, PIN).get(20, TimeUnit.SECONDS);
    connect(calling, port, PIN).get(20, TimeUnit.SECONDS);
    connect(calling, port, PIN).get(20, TimeUnit.SECONDS);
    try (SSLSocket first = Raw.connectWithoutCertificate(port);
        SSLSocket second = Raw.connectWithoutCertificate(port);
        Socket third = Raw.plain(port)) {
      assertThat(Raw.readAll(third.getInputStream())).isEqualTo(Bytes.EMPTY);
      assertThat(first.isConnected() && second.isConnected()).isTrue();
    }
  }

  @Test
  void tlsBefore13IsRefused() throws Exception {
    int port = listen();
    assertThatThrownBy(() -> Raw.connect(port, TlsIdentity.create(CLIENT), "TLSv1.2"))
        .isInstanceOf(IOException.class);
    assertThat(server.opened).isEmpty();
  }

  @Test
  void aMeshLinkNeedsACertificate() throws Exception {
    try (SSLSocket raw = Raw.connectWithoutCertificate(listen())) {
      Raw.say(raw, Preamble.TEXT);
      assertThat(raw.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(server.opened).isEmpty();
  }

  @Test
  void anotherVersionOfThePreambleIsNamedToTheClient() throws Exception {
    try (SSLSocket raw = Raw.connect(listen(), TlsIdentity.create(CLIENT))) {
      Raw.say(raw, "FZTM2\n");
      byte[] answer = raw.getInputStream().readNBytes(6);
      assertThat(Bytes.wrap(answer)).isEqualTo(Bytes.utf8(Preamble.TEXT));
      assertThat(raw.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aServerOfAnotherVersionOrKindIsToldApart() throws Exception {
    try (SpyServer later = SpyServer.start(TlsIdentity.create(SERVER), "FZTM2\n")) {
      assertThat(failure(connect(calling, later.port(), PIN)).code())
          .isEqualTo(ErrorCode.VERSION_MISMATCH);
    }
    try (SpyServer other = SpyServer.start(TlsIdentity.create(SERVER), "220 mail\n")) {
      assertThat(failure(connect(calling, other.port(), PIN)))
          .hasMessageEndingWith("it speaks no mesh protocol");
    }
  }

  @Test
  void aCallIsGivenUpWhenTheNodeShutsDown() throws Exception {
    try (ServerSocket mute = new ServerSocket(0)) {
      Links leaving = new Links(TlsIdentity.create(CLIENT), LinkLimits.DEFAULT, "0.1.0");
      CompletableFuture<MeshLink> call = connect(leaving, mute.getLocalPort(), PIN);
      leaving.close();
      assertThat(failure(call).code()).isEqualTo(ErrorCode.PEER_UNREACHABLE);
    }
  }

  @Test
  void aListenerThatThrowsLosesItsLinkAlone() throws Exception {
    LinkListener clumsy =
        new LinkListener() {
          @Override
          public void opened(MeshLink link) {}

          @Override
          public void frame(MeshLink link, Bytes frame) {
            throw new IllegalStateException("clumsy");
          }

          @Override
          public void writabilityChanged(MeshLink link) {}

          @Override
          public void closed(MeshLink link, String reason) {
            server.closed(link, reason);
          }
        };
    int port = serving.listen(new ListenAddress("127.0.0.1", 0), clumsy).port();
    connect(calling, port, PIN).get(20, TimeUnit.SECONDS).send(Bytes.fromHex("01"));
    assertThat(Ear.next(server.closed)).isEqualTo("a fault of ours");
    connect(calling, port, PIN).get(20, TimeUnit.SECONDS);
  }

  @Test
  void aClosedPortIsNamedWithWhatWasTried() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    MeshException failure = failure(connect(calling, port, PIN));
    assertThat(failure.code()).isEqualTo(ErrorCode.PEER_UNREACHABLE);
    assertThat(failure)
        .hasMessage("no link to 127.0.0.1:" + port + ": tried tcp (Connection refused)");
  }

  @Test
  void aTakenPortIsNamed() throws Exception {
    int port = listen();
    assertThatThrownBy(() -> calling.listen(new ListenAddress("127.0.0.1", port), server))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PORT_IN_USE));
  }

  private int listenQuickPort;

  private int listen() {
    return serving.listen(new ListenAddress("127.0.0.1", 0), server).port();
  }

  private int listenQuick() {
    serving.close();
    serving = new Links(TlsIdentity.create(SERVER), QUICK, "0.1.0");
    listenQuickPort = listen();
    return listenQuickPort;
  }

  private CompletableFuture<MeshLink> connect(Links links, int port, Optional<Pin> pin) {
    return links.connect("127.0.0.1", port, pin, client);
  }

  private static MeshException failure(CompletableFuture<MeshLink> attempt) throws Exception {
    try {
      throw new AssertionError("connected: " + attempt.get(20, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return (MeshException) e.getCause();
    }
  }

  /** An identity whose certificate claims the client's node key without its signature. */
  private static TlsIdentity forged() throws Exception {
    KeyPair pair = TlsIdentity.keyPair();
    Bytes binding = Bytes.concat(CLIENT.verifyKey().value(), Bytes.wrap(new byte[64]));
    return TlsIdentity.of(CLIENT.verifyKey(), pair, NodeCertificate.issue(pair, binding));
  }
}
