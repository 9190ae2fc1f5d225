package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whole nodes over loopback whose files, keys and all, are put back to older copies at any moment:
 * all end equal, and hold whatever was on another node, or in the copy, when a file was put back.
 * The seed repeats what happens, not how the nodes' threads interleave.
 *
 * <p>More by {@code scripts/sim copies --steps N --seed S}. Checked by breaking what it checks:
 * with forks that are not told of in summaries, or carriers that are not signed, it fails.
 */
class CopiesSimTest extends LoopbackNodes {
  private static final int STEPS = Integer.getInteger("sim.steps", 150);
  private static final long SEED = Long.getLong("sim.seed", 2L);
  private static final List<String> NAMES = List.of("vps", "laptop", "phone", "tablet");

  private final Random random = new Random(SEED);
  private final Map<String, MeshNode> running = new TreeMap<>();
  private final Map<String, String> addresses = new HashMap<>();
  private final Map<String, List<Path>> copies = new HashMap<>();
  private final Set<String> must = new TreeSet<>();
  private final Set<String> may = new TreeSet<>();
  private final List<String> story = new ArrayList<>();
  private int writes;

  private <T> T any(Collection<T> of) {
    return List.copyOf(of).get(random.nextInt(of.size()));
  }

  private void begin() {
    running.put("vps", found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)"));
    for (String name : NAMES.subList(1, NAMES.size())) {
      running.put(name, join(name, any(running.values())));
    }
    running.forEach((name, node) -> addresses.put(name, node.listening()));
  }

  private Set<String> ids(String name) {
    return new TreeSet<>(sql(name, "SELECT id FROM t WHERE id <> 'x'"));
  }

  private void write() {
    String name = any(NAMES);
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      String id = name + ++writes;
      story.add("write " + id);
      sql(
          name,
          "INSERT INTO t VALUES ('" + id + "', '')",
          "INSERT INTO t VALUES ('x', '" + id + "') ON CONFLICT DO UPDATE SET v = excluded.v");
      must.add(id);
    }
  }

  private void stop(String name) {
    MeshNode node = running.remove(name);
    if (node != null) {
      story.add("stop " + name);
      stop(node);
    }
  }

  private void start(Collection<String> names) {
    for (String name : names) {
      if (!running.containsKey(name)) {
        story.add("start " + name);
        running.put(name, startAt(name, addresses.get(name)));
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.newDirectoryStream(from)) {
      for (Path file : files) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private Path keys(String name) {
    return folder.resolve(name + ".db.mesh");
  }

  private void keep(String name) throws IOException {
    stop(name);
    List<Path> kept = copies.computeIfAbsent(name, key -> new ArrayList<>());
    Path copy = Files.createDirectories(folder.resolve(name + ".copy" + kept.size()));
    story.add("keep " + copy.getFileName());
    Files.copy(file(name), copy.resolve("db"));
    copy(keys(name), copy.resolve("keys"));
    kept.add(copy);
  }

  /** What nobody else had is gone with the file, or comes from where it was on its way. */
  private void putBack(String name) throws IOException {
    if (!copies.containsKey(name)) {
      return;
    }
    stop(name);
    Path copy = any(copies.get(name));
    story.add("put back " + copy.getFileName());
    Files.copy(copy.resolve("db"), file(name), StandardCopyOption.REPLACE_EXISTING);
    copy(copy.resolve("keys"), keys(name));
    Set<String> there = new TreeSet<>();
    NAMES.forEach(each -> there.addAll(ids(each)));
    must.stream().filter(id -> !there.contains(id)).forEach(may::add);
    must.retainAll(there);
  }

  private void step() throws IOException {
    switch (random.nextInt(8)) {
      case 0 -> stop(any(NAMES));
      case 1 -> keep(any(NAMES));
      case 2 -> putBack(any(NAMES));
      case 3, 4 -> start(Set.of(any(NAMES)));
      default -> write();
    }
    if (random.nextInt(12) == 0) {
      settle();
    }
  }

  private void settle() {
    start(NAMES);
    story.add("settle");
    String all = "SELECT group_concat(id || ':' || v, ' ') FROM (SELECT * FROM t ORDER BY id)";
    try {
      await(
          () ->
              ids("vps").containsAll(must)
                  && NAMES.stream().map(name -> sql(name, all)).distinct().count() == 1);
    } catch (AssertionError e) {
      throw new AssertionError(whatDiffers(), e);
    }
    Set<String> more = ids("vps");
    more.removeAll(must);
    assertThat(may).as("what is there, of what may be").containsAll(more);
  }

  private String whatDiffers() {
    Set<String> all = new TreeSet<>(must);
    NAMES.forEach(name -> all.addAll(ids(name)));
    StringBuilder told = new StringBuilder();
    for (String name : NAMES) {
      Set<String> lacking = new TreeSet<>(all);
      lacking.removeAll(ids(name));
      CompletableFuture<Throwable> failure = running.get(name).failure();
      told.append(name).append(" lacks ").append(lacking);
      told.append(failure.isDone() ? " " + failure.join() : "").append('\n');
    }
    return told
        + "after "
        + String.join(", ", story.subList(Math.max(0, story.size() - 40), story.size()));
  }

  @Test
  @Timeout(value = 6, unit = TimeUnit.HOURS)
  void oldCopiesThatComeBackLoseNothing() throws IOException {
    begin();
    for (int i = 0; i < STEPS; i++) {
      step();
    }
    settle();
    for (MeshNode node : running.values()) {
      await(() -> node.status().verdict() == NodeStatus.Verdict.IN_SYNC);
    }
  }
}
