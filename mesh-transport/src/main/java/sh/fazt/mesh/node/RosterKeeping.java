package sh.fazt.mesh.node;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.gossip.Input;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.roster.InviteId;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.OtherMembers;
import sh.fazt.mesh.roster.Role;
import sh.fazt.mesh.roster.SignedOp;

/**
 * Changes who the members are by a persona's word, and has all parts of the node follow the roster.
 * Confined to the mesh thread.
 */
final class RosterKeeping {
  private final Mesh mesh;
  private final Exchange exchange;
  private final Caller caller;
  private final Nearby nearby;
  private final Reception reception;

  RosterKeeping(Mesh mesh, Exchange exchange, Caller caller, Nearby nearby, Reception reception) {
    this.mesh = mesh;
    this.exchange = exchange;
    this.caller = caller;
    this.nearby = nearby;
    this.reception = reception;
  }

  /** The other members, seniors first. */
  List<Member> others() {
    return OtherMembers.of(mesh.membership().roster(), mesh.nodeKey().verifyKey());
  }

  /**
   * The one of that name or id.
   *
   * @throws MeshException PEER_UNKNOWN
   */
  Member named(String peer) {
    return OtherMembers.named(mesh.membership().roster(), mesh.nodeKey().verifyKey(), peer);
  }

  void start() {
    nearby.start(others());
    follow();
  }

  /** See {@link Invites#make}. */
  InviteCode invite(SigningKey persona, long ttlMillis, Role role, List<String> addresses) {
    InviteCode code = Invites.make(mesh, persona, ttlMillis, role, addresses);
    changed();
    return code;
  }

  /** See {@link Invites#revoke}. */
  void revoke(InviteId invite, SigningKey persona) {
    Invites.revoke(mesh, invite, persona);
    changed();
  }

  /** See {@link Invites#revokeLatest}. */
  InviteId revokeLatest(SigningKey persona) {
    InviteId revoked = Invites.revokeLatest(mesh, persona);
    changed();
    return revoked;
  }

  /** Removes a member for good, by the word of a persona. */
  void remove(String peer, SigningKey persona) {
    mesh.membership().remove(named(peer).node(), persona);
    changed();
  }

  /** Gives a member another role, by the word of a persona. */
  void changeRole(String peer, Role role, SigningKey persona) {
    mesh.membership().changeRole(named(peer).node(), role, persona);
    changed();
  }

  /** Has columns of a table merge so from now on. */
  void merge(String table, Map<String, String> words) {
    mesh.merge(table, words);
    changed();
  }

  /** Takes in the replacement of a persona's key. */
  void rotate(SignedOp rotation) {
    mesh.membership().rotate(rotation);
    changed();
  }

  /** Signs this node out, and tells whoever is linked. */
  void leave() {
    mesh.membership().leave(mesh.nodeKey());
    exchange.rosterChanged(Optional.empty());
  }

  /** Passes on what was added to the roster here. */
  void changed() {
    exchange.rosterChanged(Optional.empty());
    follow();
  }

  /** Calls new members, and parts from those that have left or were removed. */
  void follow() {
    List<Member> others = others();
    caller.members(others);
    exchange.feed(new Input.Members(others.stream().map(Member::node).collect(Collectors.toSet())));
    nearby.members(others);
    reception.followRoster();
  }
}
