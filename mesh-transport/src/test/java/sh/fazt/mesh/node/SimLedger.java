package sh.fazt.mesh.node;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the applications of a simulated world were told to be committed. */
final class SimLedger {
  /** Of the keys that one node alone writes: what each holds last, nothing where it is deleted. */
  final Map<String, Optional<String>> own = new TreeMap<>();

  /** Own keys whose node was put back: no one knows which of its writes had left it. */
  final Set<String> doubtful = new TreeSet<>();

  /** Nodes that were put back, as their own keys begin: their past is told in two ways. */
  final Set<String> parted = new TreeSet<>();

  /**
   * Nodes that left, were removed or may write no more, as their own keys begin. Of what only they
   * had, some may never come, though others had seen it.
   */
  final Set<String> doubted = new TreeSet<>();

  /** Rows that are only ever added, and must be everywhere. */
  final Set<String> told = new TreeSet<>();

  /** Rows of these that were in a file alone when an older copy took its place. */
  final Set<String> lost = new TreeSet<>();

  /** Each cell with each value that it was ever given. */
  private final Set<String> written = new HashSet<>();

  /** By node: rows that were deleted there, by what they were born with. */
  private final Map<Integer, Set<String>> buried = new HashMap<>();

  /**
   * Rows that no batch told of when their file was put back: written to again there, they come a
   * second time, with the time of then.
   */
  private final Set<String> bornAgain = new HashSet<>();

  private int tokens;

  /** What one transaction is about to have done; it counts once the commit is acknowledged. */
  static final class Draft {
    final Map<String, Optional<String>> own = new TreeMap<>();
    final Set<String> told = new TreeSet<>();
    final Set<String> written = new HashSet<>();
    final Set<String> buried = new HashSet<>();
  }

  /** A value that nobody else writes, as long as the world lasts. */
  int token() {
    return ++tokens;
  }

  void committed(int node, Draft draft) {
    own.putAll(draft.own);
    told.addAll(draft.told);
    written.addAll(draft.written);
    draft.buried.stream().filter(row -> !bornAgain.contains(row)).forEach(buriedAt(node)::add);
  }

  /** Rows that may come to life a second time, by what they were born with. */
  void mayBeBornAgain(Set<String> rows) {
    bornAgain.addAll(rows);
    buried.values().forEach(each -> each.removeAll(rows));
  }

  boolean isWritten(String cell) {
    return written.contains(cell);
  }

  Set<String> buriedAt(int node) {
    return buried.computeIfAbsent(node, key -> new HashSet<>());
  }

  /** All rows that were ever deleted. */
  Set<String> buried() {
    Set<String> all = new HashSet<>();
    buried.values().forEach(all::addAll);
    return all;
  }

  /** A key of {@code own} that may be seen, with any value, and need not. */
  void mayBe(String key) {
    own.put(key, Optional.empty());
    doubtful.add(key);
  }

  /** A transaction of a node whose writes may be taken back: it may be seen, and need not. */
  void perhaps(Draft draft) {
    draft.own.keySet().forEach(this::mayBe);
    written.addAll(draft.written);
  }

  /**
   * A node's file was put back to an older copy.
   *
   * @param author what its own keys began with
   * @param elsewhere the added rows that other nodes hold, or the copy does
   */
  void putBack(int node, String author, Set<String> elsewhere) {
    parted.add("n" + node);
    forget(node, author, elsewhere);
  }

  /**
   * Nobody knows which of a node's writes count.
   *
   * @param author what its own keys began with
   * @param elsewhere the added rows that others hold
   */
  void doubt(int node, String author, Set<String> elsewhere) {
    doubted.add("n" + node);
    forget(node, author, elsewhere);
  }

  private void forget(int node, String author, Set<String> elsewhere) {
    buried.remove(node);
    own.keySet().stream().filter(key -> key.startsWith(author + ":")).forEach(doubtful::add);
    told.stream().filter(row -> !elsewhere.contains(row)).forEach(lost::add);
    told.retainAll(elsewhere);
  }
}
