package sh.fazt.mesh.roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.ProtocolDocument;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.RecoveryPhrase;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * The bytes that docs/protocol.md shows, made from keys whose seeds are 32 times one byte: jay's
 * persona 01, his node 02, amy's persona 03, her node 04.
 */
final class VectorsTest {
  private final Map<String, String> vectors = new LinkedHashMap<>();

  @Test
  void theBytesOnTheWireAreTheDocumentedOnes() {
    SigningKey jay = key(1);
    SigningKey vps = key(2);
    Applicant applicant = Applicant.certified(key(4).verifyKey(), "laptop", key(3), "amy");
    SignedOp found =
        SignedOp.found(
            new Operation.Found(
                repeat(0x10, 16),
                jay.verifyKey(),
                "jay",
                vps.verifyKey(),
                "vps",
                Hash.ZERO,
                1_750_000_000_000L),
            jay);
    MeshId mesh = found.mesh();
    vectors.put("found", found.encoded().hex());
    InviteToken token = InviteToken.draw(mesh, vps.verifyKey(), size -> repeat(0x20, size));
    vectors.put("token", token.text());
    vectors.put("token.proof_key", token.proofKey().verifyKey().value().hex());

    Roster roster = Roster.fold(mesh, List.of(found));
    SignedOp invite = roster.next(token.terms(1_750_000_900_000L, Role.FULL), jay);
    vectors.put("invite", invite.encoded().hex());
    roster = roster.with(invite);

    Nonces nonces = new Nonces(repeat(0x30, 32), repeat(0x31, 32));
    JoinTranscript transcript =
        new JoinTranscript(Purpose.JOIN, mesh, token.invite(), vps.verifyKey(), applicant, nonces);
    vectors.put("transcript", transcript.encoded().hex());
    Bytes proof = transcript.sign(token.proofKey());
    SignedOp add = roster.next(new Operation.Add(invite.hash(), applicant, nonces, proof), vps);
    vectors.put("add", add.encoded().hex());
    roster = roster.with(add);
    vectors.put("leave", roster.next(new Operation.Leave(), key(4)).encoded().hex());
    SignedOp revoke = roster.next(new Operation.Revoke(token.invite()), jay);
    vectors.put("revoke", revoke.encoded().hex());

    Operation role = new ChangeRole(key(4).verifyKey(), Role.READ);
    vectors.put("role", roster.next(role, jay).encoded().hex());
    SortedMap<Integer, Heads.Last> heads = new TreeMap<>();
    heads.put(1, new Heads.Last(300, Hash.of(Bytes.utf8("300"))));
    heads.put(2, new Heads.Last(7, Hash.of(Bytes.utf8("7"))));
    VerifyKey laptop = key(4).verifyKey();
    vectors.put("remove", roster.next(new Remove(laptop, new Heads(heads)), jay).encoded().hex());
    vectors.put("retire", roster.next(new Retire(laptop, new Heads(heads)), vps).encoded().hex());

    SigningKey recovery = RecoveryPhrase.draw(size -> repeat(0x50, size)).key();
    Hash next = RecoveryPhrase.draw(size -> repeat(0x51, size)).commitment();
    Rotate rotate = Rotate.to(jay.verifyKey(), key(5), next, List.of(vps.verifyKey()));
    vectors.put("rotate", roster.next(rotate, recovery).encoded().hex());

    message("hello", new AdmissionMessage.Hello(token.invite(), nonces.joiner(), applicant));
    message("challenge", new AdmissionMessage.Challenge(mesh, nonces.server(), 1_750_000_000_000L));
    message("proof", new AdmissionMessage.Proof(Purpose.JOIN, proof));
    message("operations", new AdmissionMessage.Operations(List.of(found.encoded())));
    message("accepted", new AdmissionMessage.Accepted());
    message(
        "refused",
        new AdmissionMessage.Refused(ErrorCode.TOKEN_EXPIRED, "too late", 1_750_000_000_000L));
    message("preview_table", new PreviewMessage.PreviewTable("app_kv", 3));
    message(
        "preview_rows",
        new PreviewMessage.PreviewRows(Bytes.concat(repeat(0x40, 16), repeat(0x41, 16))));
    message("preview_end", new PreviewMessage.PreviewEnd());
    message(
        "table_text",
        new PreviewMessage.TableText(
            "t", "CREATE TABLE t (a)", List.of("CREATE INDEX i ON t (a)"), List.of("b")));

    assertThat(roster.admits(applicant.node())).isTrue();
    assertThat(ProtocolDocument.vectors()).containsAllEntriesOf(vectors);
  }

  private void message(String name, AdmissionMessage message) {
    vectors.put(name, message.toFrame().hex());
  }

  private static SigningKey key(int octet) {
    return SigningKey.ofSeed(repeat(octet, SigningKey.SEED_SIZE));
  }

  private static Bytes repeat(int octet, int size) {
    return Bytes.fromHex("%02x".formatted(octet).repeat(size));
  }
}
