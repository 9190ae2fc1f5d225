package sh.fazt.mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.capture.OwnSite;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.ChangeRole;
import sh.fazt.mesh.roster.ChooseMerge;
import sh.fazt.mesh.roster.Heads;
import sh.fazt.mesh.roster.InviteBook;
import sh.fazt.mesh.roster.InviteId;
import sh.fazt.mesh.roster.InviteToken;
import sh.fazt.mesh.roster.Operation;
import sh.fazt.mesh.roster.Remove;
import sh.fazt.mesh.roster.Retire;
import sh.fazt.mesh.roster.Role;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.roster.RosterLimits;
import sh.fazt.mesh.roster.Rotate;
import sh.fazt.mesh.roster.SignedOp;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.InviteTable;
import sh.fazt.mesh.store.OpTable;
import sh.fazt.mesh.store.SiteBook;

/** The roster as this replica stores it, and the invitations that it may redeem. Confined. */
public final class Membership {
  private final Database database;
  private final OpTable operations;
  private final InviteTable invites;
  private final OwnSite own;
  private final SiteBook sites;
  private Runnable changed = () -> {};
  private Roster roster;
  private boolean signed;

  Membership(Database database, OwnSite own, SiteBook sites) {
    this.database = database;
    this.operations = new OpTable(database);
    this.invites = new InviteTable(database);
    this.own = own;
    this.sites = sites;
    this.roster = Roster.fold(own.mesh(), operations.all());
    // A kill may have come between hearing of a removal and saying how far its batches had come.
    retire();
  }

  /** Has {@code hook} run whenever the roster has changed. */
  void whenChanged(Runnable hook) {
    changed = hook;
  }

  /** Who is a member, as far as this replica has heard. */
  public Roster roster() {
    return roster;
  }

  /** Every operation, verbatim, those that wait for others included. */
  public List<Bytes> encodedOperations() {
    return operations.all().stream().map(SignedOp::encoded).toList();
  }

  /**
   * Takes in operations that a peer sent.
   *
   * @return whether one of them was not known
   * @throws MalformedException if one is no operation of this mesh; then none is taken in
   */
  public boolean merge(List<Bytes> encoded) throws MalformedException {
    List<SignedOp> decoded = new ArrayList<>();
    for (Bytes bytes : encoded) {
      SignedOp operation = SignedOp.decode(bytes);
      if (!operation.mesh().equals(roster.mesh())) {
        throw new MalformedException("an operation of mesh " + operation.mesh());
      }
      decoded.add(operation);
    }
    List<SignedOp> known = operations.all();
    decoded.removeAll(known);
    if (known.size() + decoded.size() > RosterLimits.OPERATIONS_MAX) {
      throw new MalformedException("a roster over " + RosterLimits.OPERATIONS_MAX + " operations");
    }
    if (!decoded.isEmpty()) {
      database.write(
          () -> {
            decoded.forEach(operations::put);
            return true;
          });
      roster = Roster.fold(roster.mesh(), operations.all());
      retire();
      changed.run();
    }
    return !decoded.isEmpty();
  }

  /** The book that redeems invitations. */
  public InviteBook invites() {
    return invites;
  }

  /** Puts an operation made here into the roster, durably. */
  public void add(SignedOp operation) {
    store(operation);
  }

  private void store(SignedOp operation) {
    operations.put(operation);
    roster = roster.with(operation);
    changed.run();
  }

  /** Whether this node's role lets it write; a node that was removed goes on by itself. */
  public boolean mayWrite() {
    return role() == Role.FULL;
  }

  /** What this node may do; {@link Role#FULL} if it is no member any more. */
  public Role role() {
    return roster.roleOf(own.site().node());
  }

  /**
   * Gives a member another role.
   *
   * @param persona the key of a persona that owns another full member
   * @throws MeshException NOT_A_MEMBER if it owns none
   */
  public void changeRole(VerifyKey node, Role role, SigningKey persona) {
    SignedOp operation = roster.next(new ChangeRole(node, role), persona);
    if (roster.with(operation).ignored().containsKey(operation)) {
      throw ownsNoOther("change its role");
    }
    store(operation);
    retire();
  }

  private static MeshException ownsNoOther(String what) {
    return new MeshException(
        ErrorCode.NOT_A_MEMBER,
        "the persona of this machine owns no full member of this mesh besides that node and cannot "
            + what,
        "fazt identity show");
  }

  /**
   * Says, as this node, how a column merges from now on.
   *
   * @param type the number of the type on the wire; 0 is last-write-wins
   * @throws MeshException NOT_A_MEMBER if this node is no full member
   */
  public void chooseMerge(String table, String column, int type) {
    SignedOp operation = roster.next(new ChooseMerge(table, column, type), own.key());
    if (roster.with(operation).ignored().containsKey(operation)) {
      throw new MeshException(
          ErrorCode.NOT_A_MEMBER,
          "this node may not write, so it cannot say how columns merge",
          "fazt mesh peers");
    }
    store(operation);
  }

  /**
   * Removes a node for good.
   *
   * @param persona the key of a persona that owns another full member
   * @throws MeshException NOT_A_MEMBER if it owns none, or the node was never a member
   */
  public void remove(VerifyKey node, SigningKey persona) {
    SignedOp operation = roster.next(new Remove(node, held(node).pieces().get(0)), persona);
    String objection = roster.with(operation).ignored().get(operation);
    if (objection != null) {
      throw ownsNoOther("remove it");
    }
    store(operation);
    retire();
  }

  /**
   * Takes in the replacement of a persona's key that was signed here.
   *
   * @throws MeshException PHRASE_UNKNOWN if it has no effect
   */
  public void rotate(SignedOp rotation) {
    Roster rotated = roster.with(rotation);
    boolean counts =
        rotation.operation() instanceof Rotate
            && rotated.operations().contains(rotation)
            && !rotated.ignored().containsKey(rotation);
    if (!counts) {
      throw Recovery.unknown();
    }
    store(rotation);
    retire();
  }

  /**
   * Says, as a full member, how far this node has taken in the batches of those who may write no
   * more, where nobody has said as much yet.
   */
  private void retire() {
    if (!roster.admits(own.site().node(), Role.FULL)) {
      return;
    }
    Set<VerifyKey> ahead = new TreeSet<>();
    sites
        .summary()
        .heads()
        .forEach(
            (site, head) -> {
              boolean known = roster.authors().isRetired(site.node());
              if (known && !roster.authors().welcome(new Dot(site, head.seq()), head.hash())) {
                ahead.add(site.node());
              }
            });
    for (VerifyKey node : ahead) {
      for (Heads heads : held(node).pieces()) {
        store(roster.next(new Retire(node, heads), own.key()));
        signed = true;
      }
    }
  }

  /** How far the chains of a node's sites have come here. */
  private Heads held(VerifyKey node) {
    SortedMap<Integer, Heads.Last> held = new TreeMap<>();
    sites
        .summary()
        .heads()
        .forEach(
            (site, head) -> {
              if (site.node().equals(node)) {
                held.put(site.incarnation(), new Heads.Last(head.seq(), head.hash()));
              }
            });
    return new Heads(held);
  }

  /** Whether this node has signed something of its own accord since this was last asked. */
  public boolean takeSigned() {
    boolean taken = signed;
    signed = false;
    return taken;
  }

  /**
   * Makes an invitation that this node redeems.
   *
   * @param persona the key of a persona that owns a full member
   * @param server this node's key, which the token pins
   * @param expiresAtMillis Unix milliseconds
   */
  public InviteToken invite(
      SigningKey persona, VerifyKey server, long expiresAtMillis, Role role, Ambient ambient) {
    InviteToken token = InviteToken.draw(roster.mesh(), server, ambient.chance());
    SignedOp operation = roster.next(token.terms(expiresAtMillis, role), persona);
    database.write(
        () -> {
          invites.open(token.invite(), expiresAtMillis);
          store(operation);
          return true;
        });
    return token;
  }

  /** Takes an invitation back; it must have been made by this persona. */
  public void revoke(InviteId invite, SigningKey persona) {
    SignedOp operation = roster.next(new Operation.Revoke(invite), persona);
    database.write(
        () -> {
          invites.revoke(invite);
          store(operation);
          return true;
        });
  }

  /** Signs this node's departure. */
  public SignedOp leave(SigningKey node) {
    SignedOp operation = roster.next(new Operation.Leave(), node);
    store(operation);
    return operation;
  }
}
