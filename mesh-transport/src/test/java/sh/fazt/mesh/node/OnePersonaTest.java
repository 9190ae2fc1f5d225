package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.identity.Passphrase;
import sh.fazt.mesh.roster.Roster;

/** One person on two machines, whose key was exported on one and imported on the other. */
class OnePersonaTest extends LoopbackNodes {
  @Test
  void personaOnTwoNodesInvitesFromBothAndTheRosterDoesNotFork() throws Exception {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    MeshNode laptop = join("laptop", vps);
    sync(laptop);
    Path file = folder.resolve("jay.identity");
    Passphrase passphrase = Passphrase.of("correct horse");
    persona.export(file, Optional.of(passphrase), Ambient.system().chance());
    Persona elsewhere = Persona.imported(file, () -> passphrase);
    String vpsAddress = vps.listening();
    String laptopAddress = laptop.listening();
    stop(vps);
    InviteCode there = laptop.invite(elsewhere);
    joiner("phone", there).join();
    stop(laptop);
    vps = startAt("vps", vpsAddress);
    InviteCode here = vps.invite(persona);
    joiner("tablet", here).join();
    laptop = startAt("laptop", laptopAddress);
    MeshNode phone = start("phone");
    MeshNode tablet = start("tablet");
    for (MeshNode node : new MeshNode[] {vps, laptop, phone, tablet}) {
      await(() -> node.peers().size() == 3);
      Roster roster = node.ask(mesh -> mesh.membership().roster()).join();
      assertThat(roster.ignored()).isEmpty();
      assertThat(roster.waiting()).isEmpty();
      assertThat(roster.invitations()).hasSize(3);
    }
  }
}
