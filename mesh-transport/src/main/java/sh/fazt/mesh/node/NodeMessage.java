package sh.fazt.mesh.node;

import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.identity.NodeId;

/**
 * What another member's application has broadcast; immutable.
 *
 * @param id unlike that of any other message, for good
 * @param from the node that has signed it
 * @param name of that node
 * @param payload at most 16 KiB
 * @param sentMillis by the sender's clock, Unix milliseconds
 */
public record NodeMessage(String id, NodeId from, String name, Bytes payload, long sentMillis) {
  /** The payload as text. */
  public String text() {
    return payload.asUtf8();
  }
}
