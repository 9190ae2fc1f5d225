package sh.fazt.mesh.crdt.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one session has inserted into a text: its spans in the order of their counters, their code
 * points, and its deleted ids whose elements are not here. Mutable, confined.
 */
final class Session {
  /** The session of the text as it was before any edit. */
  static final long BASE = 0;

  /** The counter of the root, in the base. */
  static final long ROOT = -1;

  /** No counter reaches this. */
  static final long COUNTER_MAX = 1L << 62;

  private static final int CHUNK = 256;

  final long id;
  final Ranges erased = new Ranges();
  private final List<Chunk> chunks = new ArrayList<>();
  private int[] points = new int[4];
  private int used;

  /** Neighbours, so that a span among many is put in without moving them all. */
  private static final class Chunk {
    Span[] spans = new Span[4];
    int size;
  }

  Session(long id) {
    this.id = id;
  }

  /** The span that holds the element. */
  @Nullable Span find(long counter) {
    Span span = floor(counter);
    return span != null && counter < span.end() ? span : null;
  }

  /** The last span that begins at {@code counter} or before. */
  @Nullable Span floor(long counter) {
    int chunk = chunkOf(counter);
    if (chunk < 0) {
      return null;
    }
    Chunk home = chunks.get(chunk);
    return home.spans[within(home, counter)];
  }

  /** The first span that begins after {@code counter}. */
  @Nullable Span above(long counter) {
    int chunk = chunkOf(counter);
    if (chunk < 0) {
      return chunks.isEmpty() ? null : chunks.get(0).spans[0];
    }
    Chunk home = chunks.get(chunk);
    int next = within(home, counter) + 1;
    if (next < home.size) {
      return home.spans[next];
    }
    return chunk + 1 < chunks.size() ? chunks.get(chunk + 1).spans[0] : null;
  }

  /** Whether all elements here come before {@code counter}, as where one writer goes on. */
  boolean endsBefore(long counter) {
    if (chunks.isEmpty()) {
      return true;
    }
    Chunk last = chunks.get(chunks.size() - 1);
    return last.spans[last.size - 1].end() <= counter;
  }

  /** Whether none of these is an element here, nor deleted. */
  boolean isFree(long from, long end) {
    Span last = endsBefore(from) ? null : floor(end - 1);
    return (last == null || last.end() <= from) && !erased.meets(from, end);
  }

  void add(Span span) {
    int chunk = Math.max(0, chunkOf(span.first));
    if (chunks.isEmpty()) {
      chunks.add(new Chunk());
    }
    Chunk home = chunks.get(chunk);
    if (home.size == home.spans.length) {
      home.spans = Arrays.copyOf(home.spans, Math.min(CHUNK, 2 * home.size));
    }
    int index = within(home, span.first) + 1;
    System.arraycopy(home.spans, index, home.spans, index + 1, home.size - index);
    home.spans[index] = span;
    home.size++;
    if (home.size == CHUNK) {
      divide(chunk, home);
    }
  }

  /** All spans, ascending. */
  List<Span> spans() {
    List<Span> all = new ArrayList<>();
    for (Chunk chunk : chunks) {
      all.addAll(Arrays.asList(chunk.spans).subList(0, chunk.size));
    }
    return all;
  }

  int point(int at) {
    return points[at];
  }

  void set(int at, int point) {
    points[at] = point;
  }

  int[] points() {
    return points;
  }

  /** Where the next code points will be stored. */
  int used() {
    return used;
  }

  void store(int[] source, int from, int count) {
    int needed = Math.addExact(used, count);
    if (needed > points.length) {
      points = Arrays.copyOf(points, Math.max(needed, points.length + (points.length >> 1)));
    }
    System.arraycopy(source, from, points, used, count);
    used = needed;
  }

  private void divide(int at, Chunk full) {
    Chunk upper = new Chunk();
    // Spans mostly come in ascending order.
    int from = at == chunks.size() - 1 ? CHUNK - CHUNK / 8 : CHUNK / 2;
    upper.size = CHUNK - from;
    upper.spans = new Span[CHUNK];
    System.arraycopy(full.spans, from, upper.spans, 0, upper.size);
    full.size = from;
    chunks.add(at + 1, upper);
  }

  private int chunkOf(long counter) {
    int low = 0;
    int high = chunks.size() - 1;
    while (low <= high) {
      int middle = (low + high + 1) >>> 1;
      if (chunks.get(middle).spans[0].first <= counter) {
        if (middle == high) {
          return middle;
        }
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  private static int within(Chunk chunk, long counter) {
    int low = 0;
    int high = chunk.size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (chunk.spans[middle].first <= counter) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }
}
