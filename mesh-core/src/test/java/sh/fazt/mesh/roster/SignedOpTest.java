package sh.fazt.mesh.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.SigningKey;

final class SignedOpTest {
  private final Cast cast = new Cast(3);
  private final Cast.Person amy = cast.person("amy");

  @Test
  void everyOperationReadsBackAsItWasWritten() throws Exception {
    Roster grown = cast.admit(cast.roster(), cast.jay, amy);
    grown = grown.with(grown.next(new Operation.Leave(), amy.node()));
    InviteId invite = grown.invitations().get(0).terms().id();
    grown = grown.with(grown.next(new Operation.Revoke(invite), cast.jay.persona()));
    assertThat(grown.operations())
        .extracting(operation -> operation.operation().kind())
        .containsExactlyInAnyOrder(1, 2, 3, 4, 5);
    for (SignedOp operation : grown.operations()) {
      SignedOp read = SignedOp.decode(operation.encoded());
      assertThat(read.operation()).isEqualTo(operation.operation());
      assertThat(read.hash()).isEqualTo(Hash.of(operation.encoded()));
      assertThat(read.signer()).isEqualTo(operation.signer());
      assertThat(read.needs()).isEqualTo(operation.needs());
      assertThat(read.mesh()).isEqualTo(cast.mesh);
    }
  }

  @Test
  void anyChangedByteIsRefused() {
    for (SignedOp operation : cast.admit(cast.roster(), cast.jay, amy).operations()) {
      for (int i = 0; i < operation.encoded().size(); i++) {
        byte[] changed = operation.encoded().toArray();
        changed[i] ^= 1;
        assertThatThrownBy(() -> SignedOp.decode(Bytes.wrap(changed)))
            .isInstanceOf(MalformedException.class);
      }
    }
  }

  @Test
  void anyMissingOrNeedlessByteIsRefused() {
    Bytes whole = cast.found.encoded();
    for (int size = 0; size < whole.size(); size++) {
      Bytes part = whole.slice(0, size);
      assertThatThrownBy(() -> SignedOp.decode(part)).isInstanceOf(MalformedException.class);
    }
    assertThatThrownBy(() -> SignedOp.decode(Bytes.concat(whole, Bytes.fromHex("00"))))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void theSizeAndTheNumberOfParentsAreLimited() {
    Bytes huge = Bytes.wrap(new byte[RosterLimits.OPERATION_BYTES_MAX + 1]);
    assertThatThrownBy(() -> SignedOp.decode(huge)).hasMessage("operation of 4097 bytes");
    ByteWriter many = new ByteWriter().u8(1).u8(4).raw(Hash.ZERO.value());
    many.varint(RosterLimits.PARENTS_MAX + 1);
    assertThatThrownBy(() -> SignedOp.decode(many.toBytes())).hasMessage("parents 33 over 32");
  }

  @Test
  void oneSetOfParentsHasOneSpelling() {
    Hash low = Hash.of(Bytes.utf8("a"));
    for (List<Hash> parents : List.of(List.of(low, low), List.of(low, Hash.ZERO))) {
      ByteWriter out = new ByteWriter().u8(1).u8(4).raw(cast.mesh.founding().value()).varint(2);
      parents.forEach(parent -> out.raw(parent.value()));
      out.varint(0).raw(amy.node().verifyKey().value());
      out.raw(amy.node().sign(SignedOp.CONTEXT, out.toBytes()));
      assertThatThrownBy(() -> SignedOp.decode(out.toBytes()))
          .hasMessageStartingWith("parents out of order");
    }
  }

  @Test
  void onlyTheFoundingHasNoParents() {
    ByteWriter out = new ByteWriter().u8(1).u8(4).raw(cast.mesh.founding().value()).varint(0);
    out.varint(0).raw(amy.node().verifyKey().value());
    out.raw(amy.node().sign(SignedOp.CONTEXT, out.toBytes()));
    assertThatThrownBy(() -> SignedOp.decode(out.toBytes()))
        .hasMessage("operation of kind 4 with 0 parents");
  }

  @Test
  void moreHeadsThanParentsAreCitedInPart() {
    Roster wide = cast.roster();
    Roster start = wide;
    for (int i = 0; i < RosterLimits.PARENTS_MAX + 3; i++) {
      wide = wide.with(cast.invite(start, cast.token(cast.jay), cast.jay));
    }
    SignedOp next = cast.invite(wide, cast.token(cast.jay), cast.jay);
    assertThat(next.needs()).hasSize(RosterLimits.PARENTS_MAX);
    assertThat(wide.with(next).ignored()).isEmpty();
  }

  @Test
  void namesThatWouldSteerATerminalAreRefused() {
    SigningKey node = amy.node();
    for (String name : List.of("", " x", "a\u001b[2J", "a\u202eb", "x".repeat(65), "a\nb")) {
      assertThatThrownBy(() -> Applicant.certified(node.verifyKey(), name, amy.persona(), "amy"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("node name");
    }
  }

  @Test
  void aCertificateOfAnotherPersonaIsRefused() {
    Bytes foreign = cast.jay.applicant().certificate();
    assertThatThrownBy(
            () ->
                new Applicant(
                    amy.node().verifyKey(), "box", amy.persona().verifyKey(), "amy", foreign))
        .hasMessageContaining("did not certify");
  }
}
