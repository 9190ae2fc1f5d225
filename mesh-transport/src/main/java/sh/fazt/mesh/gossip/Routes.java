package sh.fazt.mesh.gossip;

import java.util.HashMap;
import java.util.Map;

/** Which rule each kind of input, message and timer goes to. Every kind has exactly one. */
final class Routes {
  /** What is done about one kind. */
  @FunctionalInterface
  interface Rule<K> {
    void on(Turn turn, K what);
  }

  /** What is done about one kind of message. */
  @FunctionalInterface
  interface PeerRule<K> {
    void on(Turn turn, PeerState peer, K message);
  }

  private final Map<Class<?>, Rule<Input>> inputs = new HashMap<>();
  private final Map<Class<?>, PeerRule<Message>> messages = new HashMap<>();
  private final Map<Class<?>, Rule<Timer>> timers = new HashMap<>();

  <I extends Input> void on(Class<I> kind, Rule<I> rule) {
    put(inputs, kind, (turn, input) -> rule.on(turn, kind.cast(input)));
  }

  <M extends Message> void heard(Class<M> kind, PeerRule<M> rule) {
    put(messages, kind, (turn, peer, message) -> rule.on(turn, peer, kind.cast(message)));
  }

  <T extends Timer> void fired(Class<T> kind, Rule<T> rule) {
    put(timers, kind, (turn, timer) -> rule.on(turn, kind.cast(timer)));
  }

  /**
   * @throws IllegalStateException if a kind has no rule
   */
  void requireAll() {
    requireAll(inputs, Input.class);
    requireAll(messages, Message.class);
    requireAll(timers, Timer.class);
  }

  void follow(Turn turn, Input input) {
    rule(inputs, input).on(turn, input);
  }

  void follow(Turn turn, PeerState peer, Message message) {
    rule(messages, message).on(turn, peer, message);
  }

  void follow(Turn turn, Timer timer) {
    rule(timers, timer).on(turn, timer);
  }

  private static <R> void put(Map<Class<?>, R> rules, Class<?> kind, R rule) {
    if (rules.put(kind, rule) != null) {
      throw new IllegalStateException("two rules for " + kind);
    }
  }

  private static <R> R rule(Map<Class<?>, R> rules, Object what) {
    R rule = rules.get(what.getClass());
    if (rule == null) {
      throw new AssertionError("unhandled " + what);
    }
    return rule;
  }

  private static void requireAll(Map<Class<?>, ?> rules, Class<?> type) {
    for (Class<?> kind : type.getPermittedSubclasses()) {
      if (!rules.containsKey(kind)) {
        throw new IllegalStateException("no rule for " + kind);
      }
    }
  }
}
