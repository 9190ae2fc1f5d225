package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;

@Timeout(30)
final class InboundLinksTest {
  private final MeshLoop loop = new MeshLoop("mesh-test", 1_000_000, fault -> {});
  private final List<String> heard = new ArrayList<>();
  private final InboundLinks inbound = new InboundLinks(loop, new Notes());
  private final Wire wire = new Wire();

  private final class Notes implements LinkListener {
    @Override
    public void opened(MeshLink link) {
      heard.add("opened");
    }

    @Override
    public void frame(MeshLink link, Bytes frame) {
      heard.add("frame");
    }

    @Override
    public void writabilityChanged(MeshLink link) {
      heard.add("writability");
    }

    @Override
    public void closed(MeshLink link, String reason) {
      heard.add("closed");
    }
  }

  /** A link to nobody, which remembers whether it is read. */
  private static final class Wire extends IdleLink {
    private final List<Boolean> reading = new ArrayList<>();
    private boolean parted;

    Wire() {
      super(SigningKey.generate(Chance.from(new Random(1))).verifyKey());
    }

    @Override
    public void read(boolean on) {
      reading.add(on);
    }

    @Override
    public void close() {
      parted = true;
    }

    @Override
    public boolean isParted() {
      return parted;
    }
  }

  private void run() {
    loop.start();
    loop.close();
  }

  /** Else it would be taken for a new link, and cost the one that took its place. */
  @Test
  void aFrameOfALinkThatWasClosedHereIsDropped() {
    inbound.opened(wire);
    inbound.frame(wire, Bytes.utf8("1"));
    wire.close();
    run();
    assertThat(heard).containsExactly("opened");
  }

  @Test
  void aFrameThatComesAfterTheEndOfItsLinkIsDropped() {
    inbound.opened(wire);
    inbound.frame(wire, Bytes.utf8("1"));
    assertThat(inbound.open()).isOne();
    inbound.closed(wire, "gone");
    inbound.frame(wire, Bytes.utf8("2"));
    assertThat(inbound.open()).isZero();
    run();
    assertThat(heard).containsExactly("opened", "frame", "closed");
  }

  @Test
  void aLinkWithMuchWaitingIsNotReadUntilThatIsDealtWith() {
    inbound.opened(wire);
    for (int i = 0; i < InboundLinks.WAITING_MAX; i++) {
      inbound.frame(wire, Bytes.utf8("x"));
    }
    assertThat(wire.reading).containsExactly(false);
    run();
    assertThat(wire.reading).containsExactly(false, true);
  }
}
