package sh.fazt.mesh.node;

import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.frame.MessageCodec;
import sh.fazt.mesh.gossip.Input;
import sh.fazt.mesh.gossip.Refuse;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Roster;

/**
 * Receives links: members are let in to the exchange, those with an invitation go to the doorman,
 * strangers are turned away. It hears of the links that others open; whether a member or a stranger
 * calls, the first frame tells. Confined to the mesh thread.
 */
final class Reception implements LinkListener {
  private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

  /** Two links to one peer within that time were dialled at once. */
  private static final long AT_ONCE_MILLIS = 5_000;

  private final Agenda agenda;
  private final Mesh mesh;
  private final Doorman doorman;
  private final Guests guests;
  private final LinkTable links;
  private boolean closed;

  /** Who wants to know of the members that are linked. */
  interface Guests {
    void feed(Input input);

    /** A member has a link now. */
    void arrived(VerifyKey peer);

    /** A member's link is gone. */
    void gone(VerifyKey peer);
  }

  Reception(Agenda agenda, Mesh mesh, Doorman doorman, Guests guests) {
    this.agenda = agenda;
    this.mesh = mesh;
    this.doorman = doorman;
    this.guests = guests;
    this.links = new LinkTable(mesh.nodeKey().verifyKey(), AT_ONCE_MILLIS);
  }

  /** Takes up a link that this node has opened: it leads to a member, and greets at once. */
  void dialled(MeshLink link) {
    if (closed) {
      link.close();
    } else {
      admit(link, true);
    }
  }

  @Override
  public void opened(MeshLink link) {
    LOG.debug("a link from {}", link.address());
  }

  private void admit(MeshLink link, boolean dialled) {
    Roster roster = mesh.membership().roster();
    if (roster.hasRemoved(mesh.nodeKey().verifyKey())) {
      link.close();
      return;
    }
    if (roster.hasRemoved(link.peer())) {
      Removed.tell(link, roster);
      link.close();
      return;
    }
    if (!roster.admits(link.peer())) {
      String why = "node " + Names.of(mesh, link.peer()) + " is no member of this mesh";
      link.send(MessageCodec.encode(new Refuse(ErrorCode.NOT_A_MEMBER.name(), why)));
      link.close();
      return;
    }
    links.offer(link, dialled, agenda.nowMillis()).ifPresent(MeshLink::close);
    if (links.isLive(link)) {
      guests.arrived(link.peer());
      guests.feed(new Input.PeerUp(link.peer()));
    }
  }

  @Override
  public void frame(MeshLink link, Bytes frame) {
    if (closed) {
      link.close();
      return;
    }
    if (doorman.knows(link) || (!links.isLive(link) && Doorman.isAdmission(frame))) {
      doorman.frame(link, frame);
      return;
    }
    try {
      if (!links.isLive(link)) {
        admit(link, false);
      }
      if (links.isLive(link)) {
        guests.feed(new Input.Received(link.peer(), MessageCodec.decode(frame)));
      }
    } catch (MalformedException e) {
      String peer = Names.of(mesh, link.peer());
      LOG.warn("{} at {} sent a malformed frame: {}", peer, link.address(), e.getMessage());
      link.close();
    }
  }

  @Override
  public void writabilityChanged(MeshLink link) {
    doorman.show(link);
    if (links.isLive(link)) {
      guests.feed(new Input.PeerWritable(link.peer(), link.writable()));
    }
  }

  @Override
  public void closed(MeshLink link, String reason) {
    doorman.closed(link);
    if (!closed && links.remove(link)) {
      LOG.info("link to {} closed: {}", Names.of(mesh, link.peer()), reason);
      guests.feed(new Input.PeerDown(link.peer()));
      guests.gone(link.peer());
    }
  }

  /** Closes a peer's link, of which the exchange knows already. */
  void drop(VerifyKey peer, String reason) {
    Optional<MeshLink> link = links.find(peer);
    if (link.isPresent()) {
      LOG.info("closing the link to {}: {}", Names.of(mesh, peer), reason);
      links.remove(link.get());
      link.get().close();
      guests.gone(peer);
    }
  }

  /** Parts from those who are members no longer. */
  void followRoster() {
    Roster roster = mesh.membership().roster();
    boolean removed = roster.hasRemoved(mesh.nodeKey().verifyKey());
    for (MeshLink link : links.all()) {
      if (removed || !roster.admits(link.peer())) {
        guests.feed(new Input.PeerDown(link.peer()));
        if (roster.hasRemoved(link.peer())) {
          Removed.tell(link, roster);
        }
        drop(link.peer(), removed ? "this node was removed" : "it is no member any more");
      }
    }
  }

  /** Closes all links, and whatever comes from now on. */
  void close() {
    closed = true;
    links.all().forEach(MeshLink::close);
    doorman.close();
  }

  Optional<MeshLink> find(VerifyKey peer) {
    return links.find(peer);
  }

  List<MeshLink> all() {
    return links.all();
  }
}
