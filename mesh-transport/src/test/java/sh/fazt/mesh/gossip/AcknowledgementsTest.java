package sh.fazt.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.delta.Acknowledgement;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;

/** Members hear from others what members show that they never meet. */
final class AcknowledgementsTest {
  private final Bench bench = new Bench(GossipConfig.standard());
  private final SigningKey far = SigningKey.generate(Chance.from(new Random(2)));
  private final SiteId vps = bench.site();
  private final SiteId phone = bench.site();

  @BeforeEach
  void members() {
    bench.on(new Input.Members(Set.of(far.verifyKey(), vps.node(), phone.node())));
    bench.introduce(vps, Summary.EMPTY);
    bench.introduce(phone, Summary.EMPTY);
  }

  private Acknowledgement said(long atMillis) {
    return Acknowledgement.sign(Bench.MESH, far, atMillis, Summary.EMPTY);
  }

  private List<Acknowledgement> told() {
    return bench.reports().stream()
        .filter(Report.Acknowledged.class::isInstance)
        .map(report -> ((Report.Acknowledged) report).said())
        .toList();
  }

  private List<Acknowledgement> toldTo(SiteId peer) {
    return bench.sent(peer, Acknowledged.class).stream().map(Acknowledged::said).toList();
  }

  private void hear(Acknowledgement said) {
    bench.receive(vps, new Acknowledged(said));
  }

  @Test
  void whatIsNewIsToldAndPassedOnOnce() {
    hear(said(7));
    assertThat(told()).containsExactly(said(7));
    assertThat(toldTo(phone)).containsExactly(said(7));
    assertThat(toldTo(vps)).isEmpty();
    hear(said(7));
    hear(said(6));
    assertThat(told()).isEmpty();
    assertThat(toldTo(phone)).isEmpty();
  }

  @Test
  void nobodySpeaksWithoutEnd() {
    hear(said(7));
    hear(said(7 + Acknowledgements.GAP_MILLIS - 1));
    assertThat(toldTo(phone)).isEmpty();
    hear(said(7 + Acknowledgements.GAP_MILLIS));
    assertThat(toldTo(phone)).hasSize(1);
  }

  @Test
  void whoComesIsToldOfAll() {
    hear(said(7));
    SiteId late = bench.site();
    bench.on(new Input.PeerUp(late.node()));
    bench.receive(late, Bench.hello(late));
    assertThat(toldTo(late)).containsExactly(said(7));
    SiteId itself = new SiteId(far.verifyKey(), 1);
    bench.on(new Input.PeerUp(itself.node()));
    bench.receive(itself, Bench.hello(itself));
    assertThat(toldTo(itself)).isEmpty();
  }

  @Test
  void whatTheNodeDidNotSignCostsTheLink() {
    hear(new Acknowledgement(far.verifyKey(), 8, Summary.EMPTY, said(7).signature()));
    assertThat(told()).isEmpty();
    assertThat(bench.dropped(vps)).isPresent();
    assertThat(toldTo(phone)).isEmpty();
  }

  @Test
  void whatWasSaidInAnotherMeshCostsTheLink() {
    MeshId other = new MeshId(Hash.of(Bytes.utf8("another mesh")));
    hear(Acknowledgement.sign(other, far, 7, Summary.EMPTY));
    assertThat(bench.dropped(vps)).isPresent();
  }

  @Test
  void ofStrangersNothingIsKept() {
    SigningKey stranger = SigningKey.generate(Chance.from(new Random(3)));
    hear(Acknowledgement.sign(Bench.MESH, stranger, 7, Summary.EMPTY));
    assertThat(told()).isEmpty();
    assertThat(toldTo(phone)).isEmpty();
  }

  @Test
  void whatThisNodeShowsIsToldToAll() {
    bench.on(new Input.Acknowledged(said(7)));
    assertThat(toldTo(vps)).containsExactly(said(7));
    assertThat(toldTo(phone)).containsExactly(said(7));
  }
}
