package sh.fazt.mesh;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.InviteBook;
import sh.fazt.mesh.roster.InviteId;
import sh.fazt.mesh.roster.InviteToken;
import sh.fazt.mesh.roster.Operation;
import sh.fazt.mesh.roster.Role;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.roster.RosterLimits;
import sh.fazt.mesh.roster.SignedOp;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.InviteTable;
import sh.fazt.mesh.store.OpTable;

/** The roster as this replica stores it, and the invitations that it may redeem. Confined. */
public final class Membership {
  private final Database database;
  private final OpTable operations;
  private final InviteTable invites;
  private Roster roster;

  Membership(Database database, MeshId mesh) {
    this.database = database;
    this.operations = new OpTable(database);
    this.invites = new InviteTable(database);
    this.roster = Roster.fold(mesh, operations.all());
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
