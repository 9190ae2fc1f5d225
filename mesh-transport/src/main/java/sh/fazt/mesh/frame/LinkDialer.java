package sh.fazt.mesh.frame;

import java.util.Optional;
import java.util.function.Consumer;
import sh.fazt.mesh.roster.Pin;

/**
 * Opens links to other nodes.
 *
 * <p>Law: returns at once and does not throw. Of every call there is one answer, from any thread.
 */
@FunctionalInterface
public interface LinkDialer {
  /**
   * Calls a node.
   *
   * @param address where it may be, {@code HOST:PORT}
   * @param pin the node that must answer; no other is told anything
   * @param listener of the link, if one opens
   * @param answered nothing once {@link LinkListener#opened} was told, else why there is no link
   */
  void dial(String address, Pin pin, LinkListener listener, Consumer<Optional<Throwable>> answered);
}
