package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.netty.LinkLimits;
import sh.fazt.mesh.netty.Links;
import sh.fazt.mesh.netty.ListenAddress;
import sh.fazt.mesh.netty.TlsIdentity;
import sh.fazt.mesh.roster.Admission;
import sh.fazt.mesh.roster.AdmissionClient;
import sh.fazt.mesh.roster.AdmissionMessage;
import sh.fazt.mesh.roster.Applicant;
import sh.fazt.mesh.roster.InviteToken;
import sh.fazt.mesh.roster.Purpose;
import sh.fazt.mesh.roster.RosterLimits;

/** A door with as many guests as it holds at a time, over real links, and one more. */
class DoormanTest extends LoopbackNodes {
  private final List<Guest> guests = new ArrayList<>();

  @AfterEach
  void closeGuests() {
    guests.forEach(Guest::close);
  }

  /** Asks to be admitted, and does not prove that it may before it is told to. */
  private final class Guest implements LinkListener {
    private final SigningKey key = SigningKey.generate(Ambient.system().chance());
    private final Links links =
        new Links(TlsIdentity.create(key), LinkLimits.DEFAULT, NodeConfig.VERSION);
    private final CompletableFuture<Runnable> proof = new CompletableFuture<>();
    private final CompletableFuture<Admission> outcome = new CompletableFuture<>();
    private final CompletableFuture<AdmissionClient> client = new CompletableFuture<>();
    private final InviteToken token;
    private final Applicant applicant;

    Guest(String name, InviteCode invite) {
      this.token = invite.token();
      this.applicant = Applicant.certified(key.verifyKey(), name, persona.key(), persona.name());
      ListenAddress server = ListenAddress.ofUrl(invite.urls().get(0));
      links.connect(server.host(), server.port(), Optional.of(token.server()), this).join();
    }

    @Override
    public void opened(MeshLink link) {
      AdmissionClient made =
          new AdmissionClient(
              token, Purpose.JOIN, applicant, link.peer(), Ambient.system().chance());
      client.complete(made);
      link.send(made.hello().toFrame());
    }

    @Override
    public void frame(MeshLink link, Bytes frame) {
      try {
        AdmissionClient known = client.join();
        known
            .on(AdmissionMessage.decode(frame), System.currentTimeMillis())
            .ifPresent(answer -> proof.complete(() -> link.send(answer.toFrame())));
        known.outcome().ifPresent(outcome::complete);
      } catch (MalformedException | RuntimeException e) {
        outcome.completeExceptionally(e);
      }
    }

    @Override
    public void writabilityChanged(MeshLink link) {}

    @Override
    public void closed(MeshLink link, String reason) {
      outcome.completeExceptionally(new IllegalStateException(reason));
    }

    private void close() {
      links.close();
    }
  }

  private static boolean joins(Joiner joiner) {
    MeshException refused = catchThrowableOfType(MeshException.class, joiner::join);
    assertThat(refused == null || refused.code() == ErrorCode.TOO_MANY).isTrue();
    return refused == null;
  }

  @Test
  void whoComesWhileTheDoorIsFullIsToldSoAndEntersWhenThereIsPlace() {
    MeshNode vps =
        found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)", "INSERT INTO t VALUES ('a', 1)");
    for (int i = 0; i < RosterLimits.ADMISSIONS_MAX; i++) {
      guests.add(new Guest("guest-" + i, invite(vps)));
    }
    guests.forEach(guest -> guest.proof.join());
    Joiner late = joiner("late", invite(vps));
    MeshException full = catchThrowableOfType(MeshException.class, late::join);
    assertThat(full).hasMessage("the inviting node admits 16 others just now");
    assertThat(full.code()).isEqualTo(ErrorCode.TOO_MANY);
    assertThat(full.remedy()).contains("Try again in half a minute; the token is still good");
    assertThat(file("late")).doesNotExist();
    guests.remove(0).close();
    await(() -> joins(late));
    guests.forEach(guest -> guest.proof.join().run());
    assertThat(guests)
        .allSatisfy(
            guest ->
                assertThat(guest.outcome.join().roster().admits(guest.key.verifyKey())).isTrue());
    assertThat(vps.peers()).hasSize(RosterLimits.ADMISSIONS_MAX);
    sync(start("late"));
    assertThat(sql("late", "SELECT v FROM t")).containsExactly("1");
  }
}
