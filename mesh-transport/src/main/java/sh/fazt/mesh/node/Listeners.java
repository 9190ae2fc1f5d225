package sh.fazt.mesh.node;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Whom an embedding program has hear of events and messages. Thread-safe. */
final class Listeners {
  private final List<Consumer<NodeEvent>> events = new CopyOnWriteArrayList<>();
  private final List<Consumer<NodeMessage>> messages = new CopyOnWriteArrayList<>();

  MeshNode.Subscription events(Consumer<NodeEvent> listener) {
    events.add(listener);
    return () -> events.remove(listener);
  }

  MeshNode.Subscription messages(Consumer<NodeMessage> listener) {
    messages.add(listener);
    return () -> messages.remove(listener);
  }

  void tell(NodeEvent event) {
    events.forEach(listener -> listener.accept(event));
  }

  void tell(NodeMessage message) {
    messages.forEach(listener -> listener.accept(message));
  }
}
