package sh.fazt.mesh.roster;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;

/** People, their nodes and a mesh that the first of them founded, all from one seed. */
final class Cast {
  static final long LATER_MILLIS = 1_800_000_000_000L;

  final Chance chance;
  final Person jay;
  final SigningKey recovery;
  final SignedOp found;
  final MeshId mesh;

  /** A persona and a node of its own. */
  record Person(String name, SigningKey persona, SigningKey node) {
    Applicant applicant() {
      return Applicant.certified(node.verifyKey(), name + "-box", persona, name);
    }
  }

  Cast(long seed) {
    chance = Chance.from(new SplittableRandom(seed));
    jay = person("jay");
    recovery = SigningKey.generate(chance);
    found =
        SignedOp.found(
            new Operation.Found(
                chance.bytes(16),
                jay.persona().verifyKey(),
                jay.name(),
                jay.node().verifyKey(),
                "vps",
                recovery.verifyKey().fingerprint(),
                1_700_000_000_000L),
            jay.persona());
    mesh = found.mesh();
  }

  Person person(String name) {
    return new Person(name, SigningKey.generate(chance), SigningKey.generate(chance));
  }

  /** Another node of the same persona. */
  Person again(Person owner) {
    return new Person(owner.name(), owner.persona(), SigningKey.generate(chance));
  }

  SignedOp remove(Roster roster, Person remover, Person removed) {
    Operation remove = new Remove(removed.node().verifyKey(), Heads.NONE);
    return roster.next(remove, remover.persona());
  }

  SignedOp role(Roster roster, Person by, Person member, Role role) {
    return roster.next(new ChangeRole(member.node().verifyKey(), role), by.persona());
  }

  /** A person with this one's name and node and a fresh key. */
  Person renewed(Person person) {
    return new Person(person.name(), SigningKey.generate(chance), person.node());
  }

  /** By the founding's recovery key, with none to come. */
  SignedOp rotate(Roster roster, Person next, Person... kept) {
    return rotate(roster, jay, recovery, next, Hash.ZERO, kept);
  }

  SignedOp rotate(
      Roster roster, Person old, SigningKey by, Person next, Hash recovery, Person... kept) {
    List<VerifyKey> nodes =
        Stream.of(kept).map(person -> person.node().verifyKey()).distinct().toList();
    VerifyKey persona = old.persona().verifyKey();
    return roster.next(Rotate.to(persona, next.persona(), recovery, nodes), by);
  }

  Roster roster(SignedOp... more) {
    List<SignedOp> operations = new ArrayList<>(List.of(found));
    operations.addAll(List.of(more));
    return Roster.fold(mesh, operations);
  }

  InviteToken token(Person server) {
    return InviteToken.draw(mesh, server.node().verifyKey(), chance);
  }

  SignedOp invite(Roster roster, InviteToken token, Person issuer) {
    return roster.next(token.terms(LATER_MILLIS, Role.FULL), issuer.persona());
  }

  /** The operation by which {@code server} admits {@code joiner} with {@code token}. */
  SignedOp add(Roster roster, InviteToken token, Person server, Person joiner) {
    return add(roster, token, server, joiner, Purpose.JOIN);
  }

  SignedOp add(Roster roster, InviteToken token, Person server, Person joiner, Purpose purpose) {
    return new Admitter(server.node(), chance).add(roster, token, joiner.applicant(), purpose);
  }

  /** A roster in which {@code joiner} was invited and admitted by {@code server}. */
  Roster admit(Roster roster, Person server, Person joiner) {
    InviteToken token = token(server);
    Roster invited = roster.with(invite(roster, token, server));
    return invited.with(add(invited, token, server, joiner));
  }
}
