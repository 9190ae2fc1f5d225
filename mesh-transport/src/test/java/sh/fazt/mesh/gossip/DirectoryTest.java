package sh.fazt.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;

/** Members hear from others where members can be dialled, and from nobody else. */
final class DirectoryTest {
  private static final List<String> HERE = List.of("192.0.2.7:8443");

  private final Bench bench = new Bench(GossipConfig.standard());
  private final Chance chance = Chance.from(new Random(2));
  private final SigningKey far = SigningKey.generate(chance);
  private final SiteId vps = bench.site();
  private final SiteId phone = bench.site();

  @BeforeEach
  void members() {
    bench.on(new Input.Members(Set.of(far.verifyKey(), vps.node(), phone.node())));
    bench.introduce(vps, Summary.EMPTY);
    bench.introduce(phone, Summary.EMPTY);
  }

  private Location said(long atMillis, String... addresses) {
    return Location.sign(Bench.MESH, far, atMillis, List.of(addresses));
  }

  private void hear(Location location) {
    bench.receive(vps, new Locations(List.of(location)));
  }

  private List<Report.Located> located() {
    return bench.reports().stream()
        .filter(Report.Located.class::isInstance)
        .map(Report.Located.class::cast)
        .toList();
  }

  private List<Location> toldTo(SiteId peer) {
    List<Location> told = new ArrayList<>();
    bench.sent(peer, Locations.class).forEach(message -> told.addAll(message.known()));
    return told;
  }

  @Test
  void whatIsNewIsToldAndPassedOn() {
    Location said = said(bench.now, HERE.get(0));
    hear(said);
    assertThat(located()).containsExactly(new Report.Located(far.verifyKey(), HERE));
    assertThat(toldTo(phone)).containsExactly(said);
    assertThat(toldTo(vps)).isEmpty();
    hear(said);
    assertThat(located()).isEmpty();
    assertThat(toldTo(phone)).isEmpty();
  }

  @Test
  void theLatestCounts() {
    hear(said(bench.now, HERE.get(0)));
    hear(said(bench.now - 60_000, "192.0.2.8:1"));
    assertThat(located()).isEmpty();
    hear(said(bench.now + Directory.GAP_MILLIS - 1, "192.0.2.8:1"));
    assertThat(located()).isEmpty();
    hear(said(bench.now + Directory.GAP_MILLIS, "192.0.2.9:1"));
    assertThat(located()).hasSize(1);
  }

  @Test
  void whatIsFarAheadIsPassedOver() {
    hear(said(bench.now + Directory.AHEAD_MILLIS + 1, HERE.get(0)));
    assertThat(located()).isEmpty();
    assertThat(bench.dropped(vps)).isEmpty();
    hear(said(bench.now + Directory.AHEAD_MILLIS, HERE.get(0)));
    assertThat(located()).hasSize(1);
  }

  @Test
  void whoComesIsToldOfAllOthers() {
    Location own = Location.sign(Bench.MESH, far, bench.now, HERE);
    hear(own);
    SiteId late = bench.site();
    bench.on(new Input.PeerUp(late.node()));
    bench.receive(late, Bench.hello(late));
    assertThat(toldTo(late)).containsExactly(own);
    SiteId itself = new SiteId(far.verifyKey(), 1);
    bench.on(new Input.PeerUp(itself.node()));
    bench.receive(itself, Bench.hello(itself));
    assertThat(toldTo(itself)).isEmpty();
  }

  @Test
  void whatTheNodeDidNotSignCostsTheLink() {
    Location said = said(bench.now, HERE.get(0));
    Location forged =
        new Location(said.node(), said.atMillis(), List.of("192.0.2.66:1"), said.signature());
    hear(forged);
    assertThat(located()).isEmpty();
    assertThat(bench.dropped(vps)).isPresent();
    assertThat(toldTo(phone)).isEmpty();
  }

  @Test
  void whatWasSaidInAnotherMeshCostsTheLink() {
    MeshId other = new MeshId(Hash.of(Bytes.utf8("another mesh")));
    hear(Location.sign(other, far, bench.now, HERE));
    assertThat(bench.dropped(vps)).isPresent();
  }

  @Test
  void ofStrangersAndOfThoseWhoLeftNothingIsKept() {
    SigningKey stranger = SigningKey.generate(chance);
    hear(Location.sign(Bench.MESH, stranger, bench.now, HERE));
    assertThat(located()).isEmpty();
    hear(said(bench.now, HERE.get(0)));
    bench.on(new Input.Members(Set.of(vps.node(), phone.node())));
    SiteId late = bench.site();
    bench.on(new Input.PeerUp(late.node()));
    bench.receive(late, Bench.hello(late));
    assertThat(toldTo(late)).isEmpty();
  }

  @Test
  void manyAreToldInSeveralMessages() {
    Set<VerifyKey> members = new HashSet<>(Set.of(vps.node()));
    List<Location> all = new ArrayList<>();
    for (int i = 0; i <= MessageLimits.LOCATIONS_MAX; i++) {
      SigningKey member = SigningKey.generate(chance);
      members.add(member.verifyKey());
      all.add(Location.sign(Bench.MESH, member, bench.now, HERE));
    }
    bench.on(new Input.Members(members));
    all.forEach(this::hear);
    SiteId late = bench.site();
    bench.on(new Input.PeerUp(late.node()));
    bench.receive(late, Bench.hello(late));
    assertThat(bench.sent(late, Locations.class)).hasSize(2);
    assertThat(toldTo(late)).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void whereThisNodeIsIsToldToAll() {
    SigningKey self = SigningKey.generate(chance);
    Location own = Location.sign(Bench.MESH, self, bench.now, HERE);
    bench.on(new Input.Located(own));
    assertThat(toldTo(vps)).containsExactly(own);
    assertThat(toldTo(phone)).containsExactly(own);
  }
}
