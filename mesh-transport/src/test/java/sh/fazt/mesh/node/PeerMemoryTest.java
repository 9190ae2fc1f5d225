package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.Founder;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.schema.ReplicationPlan;
import sh.fazt.mesh.store.PeerTable;

class PeerMemoryTest extends LoopbackNodes {
  private static final List<String> ADDRESSES = List.of("10.0.0.1:8443", "[::1]:7");

  @Test
  void whereANodeWasReachedOutlivesWhatElseIsLearntOfIt() {
    sql("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    Founder.of(file("vps"), persona).replicating(new ReplicationPlan.Choice.All()).found();
    VerifyKey other = SigningKey.generate(Ambient.system().chance()).verifyKey();
    try (Mesh mesh = Mesh.open(file("vps"), Ambient.system())) {
      new PeerMemory(mesh.peers()).reached(other, ADDRESSES);
      PeerMemory memory = new PeerMemory(mesh.peers());
      memory.level(other, 5);
      memory.reached(other, List.of());
      assertThat(memory.addresses(other)).isEqualTo(ADDRESSES);
      assertThat(memory.lastLevelMillis(other)).isEqualTo(5);
      assertThat(mesh.peers().all().get(other)).isEqualTo(new PeerTable.Peer(ADDRESSES, 5));
    }
  }
}
