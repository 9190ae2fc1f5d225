package sh.fazt.mesh.roster;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * A random history: operations as replicas with different knowledge make them, some of them
 * cheating.
 */
final class RandomHistory {
  private static final int REPLICAS = 4;
  private static final int STEPS = 80;

  final Random random;
  final Cast cast;
  final Set<SignedOp> all = new HashSet<>();
  private final List<Roster> replicas = new ArrayList<>();
  final List<Cast.Person> people = new ArrayList<>();
  private final List<InviteToken> tokens = new ArrayList<>();
  private final Cast.Person mallory;
  private final List<Owner> owners = new ArrayList<>();

  /** The founder as a replacement of its key makes it, and the key that may replace it again. */
  private record Owner(Cast.Person person, SigningKey recovery) {}

  RandomHistory(long seed) {
    random = new Random(seed);
    cast = new Cast(seed);
    mallory = cast.person("mallory");
    people.add(cast.jay);
    owners.add(new Owner(cast.jay, cast.recovery));
    all.add(cast.found);
    Roster grown = cast.roster();
    for (int i = 0; i < REPLICAS; i++) {
      replicas.add(grown);
    }
    // Keys that are replaced leave little of what is done meanwhile, so not in every history.
    int calm = seed % 2 == 0 ? STEPS : STEPS / 2;
    for (int i = 0; i < STEPS; i++) {
      step(random.nextInt(REPLICAS), i > calm);
    }
  }

  List<SignedOp> effective(Roster roster, Class<? extends Operation> kind) {
    return roster.operations().stream()
        .filter(operation -> kind.isInstance(operation.operation()))
        .filter(operation -> !roster.ignored().containsKey(operation))
        .toList();
  }

  Cast.Person personOf(VerifyKey node) {
    return people.stream()
        .filter(person -> person.node().verifyKey().equals(node))
        .findFirst()
        .orElseThrow();
  }

  private void step(int replica, boolean rotates) {
    if (rotates && random.nextInt(15) == 0) {
      rotate(replica);
      return;
    }
    switch (random.nextInt(12)) {
      case 0, 1 -> invite(replica, any(people));
      case 2, 3 -> add(replica, any(people), joiner());
      case 4 -> act(replica, new Operation.Leave(), any(people));
      case 5 -> revoke(replica);
      case 6 -> cheat(replica);
      case 7, 10 -> take(replica, cast.remove(replicas.get(replica), any(people), any(people)));
      case 11 -> take(replica, role(replica));
      case 8 -> retire(replica, any(people), any(people));
      default -> merge(replica, random.nextInt(REPLICAS));
    }
  }

  /** Somebody new, a further node of somebody's, or one that was there before. */
  private Cast.Person joiner() {
    return switch (random.nextInt(4)) {
      case 0 -> cast.again(any(people));
      case 1 -> any(people);
      default -> cast.person("p" + all.size());
    };
  }

  private SignedOp role(int replica) {
    Role role = any(List.of(Role.FULL, Role.READ, Role.RELAY));
    return cast.role(replicas.get(replica), any(people), any(people), role);
  }

  /**
   * By the words of the founder, mostly; sometimes by those that were used before, or by nobody's.
   */
  private void rotate(int replica) {
    if (random.nextInt(4) > 0) {
      IntStream.range(0, REPLICAS).forEach(from -> merge(replica, from));
    }
    Roster roster = replicas.get(replica);
    Owner owner = random.nextInt(3) == 0 ? any(owners) : owners.get(owners.size() - 1);
    SigningKey by = random.nextInt(6) == 0 ? mallory.persona() : owner.recovery();
    Owner next = new Owner(cast.renewed(owner.person()), SigningKey.generate(cast.chance));
    Hash committed = next.recovery().verifyKey().fingerprint();
    List<Cast.Person> kept = new ArrayList<>(people);
    kept.removeIf(any -> random.nextInt(3) == 0);
    SignedOp rotation =
        cast.rotate(
            roster,
            owner.person(),
            by,
            next.person(),
            committed,
            kept.stream().limit(RosterLimits.KEPT_MAX).toArray(Cast.Person[]::new));
    take(replica, rotation);
    if (!replicas.get(replica).ignored().containsKey(rotation)) {
      owners.add(next);
      people.add(next.person());
    }
  }

  private void retire(int replica, Cast.Person signer, Cast.Person retired) {
    SortedMap<Integer, Heads.Last> heads = new TreeMap<>();
    heads.put(1, new Heads.Last(1 + random.nextInt(9), Hash.of(cast.chance.bytes(1))));
    Operation retire = new Retire(retired.node().verifyKey(), new Heads(heads));
    take(replica, replicas.get(replica).next(retire, signer.node()));
  }

  private void invite(int replica, Cast.Person issuer) {
    InviteToken token = cast.token(cast.jay);
    tokens.add(token);
    take(replica, cast.invite(replicas.get(replica), token, issuer));
  }

  private void add(int replica, Cast.Person server, Cast.Person joiner) {
    Roster roster = replicas.get(replica);
    List<InviteToken> known =
        tokens.stream().filter(token -> roster.invitation(token.invite()).isPresent()).toList();
    if (!known.isEmpty()) {
      take(replica, cast.add(roster, any(known), server, joiner));
      people.add(joiner);
    }
  }

  private void act(int replica, Operation operation, Cast.Person actor) {
    if (!actor.equals(cast.jay)) {
      take(replica, replicas.get(replica).next(operation, actor.node()));
    }
  }

  private void revoke(int replica) {
    if (!tokens.isEmpty()) {
      Operation revoke = new Operation.Revoke(any(tokens).invite());
      take(replica, replicas.get(replica).next(revoke, any(people).persona()));
    }
  }

  private void cheat(int replica) {
    Roster roster = replicas.get(replica);
    InviteToken token = cast.token(mallory);
    take(replica, cast.invite(roster, token, mallory));
    take(replica, roster.next(new Operation.Leave(), mallory.node()));
    roster.invitations().stream()
        .findAny()
        .ifPresent(
            invitation -> {
              Nonces nonces = new Nonces(cast.chance.bytes(32), cast.chance.bytes(32));
              Operation add =
                  new Operation.Add(
                      invitation.operation(), mallory.applicant(), nonces, cast.chance.bytes(64));
              take(replica, roster.next(add, any(people).node()));
            });
  }

  private void merge(int into, int from) {
    for (SignedOp operation : replicas.get(from).operations()) {
      replicas.set(into, replicas.get(into).with(operation));
    }
  }

  private void take(int replica, SignedOp operation) {
    all.add(operation);
    replicas.set(replica, replicas.get(replica).with(operation));
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
