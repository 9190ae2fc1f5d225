package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/** Nodes whose files were put back to an older state, over loopback. */
class RestoredNodeTest extends LoopbackNodes {
  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
  }

  @Test
  void nodeThatWasPutBackGoesOnAsANewIncarnation() throws IOException {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    MeshNode laptop = join("laptop", vps);
    sql("laptop", "INSERT INTO t VALUES ('a', 1)");
    sync(laptop);
    stop(laptop);
    Path mark = folder.resolve("laptop.db.mesh").resolve("high-water");
    copy(file("laptop"), folder.resolve("kept.db"));
    copy(mark, folder.resolve("kept.mark"));
    laptop = start("laptop");
    sql("laptop", "INSERT INTO t VALUES ('b', 2)");
    sync(laptop);
    stop(laptop);
    copy(folder.resolve("kept.db"), file("laptop"));
    copy(folder.resolve("kept.mark"), mark);
    MeshNode again = start("laptop");
    sync(again);
    await(() -> incarnation(again) == 2);
    sync(again);
    assertThat(sql("laptop", "SELECT id FROM t ORDER BY id")).containsExactly("a", "b");
    sql("laptop", "INSERT INTO t VALUES ('c', 3)");
    sync(again);
    assertThat(sql("vps", "SELECT id FROM t ORDER BY id")).containsExactly("a", "b", "c");
  }

  @Test
  void nodeThatCannotGoOnSaysSoAndClosesCleanly() throws Exception {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    MeshNode laptop = join("laptop", vps);
    sync(laptop);
    stop(laptop);
    Path mark = folder.resolve("laptop.db.mesh").resolve("high-water");
    Path key = mark.resolveSibling("node.key");
    copy(file("laptop"), folder.resolve("kept.db"));
    boolean marked = Files.exists(mark);
    laptop = start("laptop");
    sql("laptop", "INSERT INTO t VALUES ('b', 2)");
    sync(laptop);
    stop(laptop);
    String address = vps.listening();
    stop(vps);
    copy(folder.resolve("kept.db"), file("laptop"));
    Files.delete(mark);
    assertThat(marked).as("nothing was signed before the copy").isFalse();
    MeshNode again = start("laptop");
    Files.move(key, folder.resolve("kept.key"));
    nodes.add(MeshNode.start(NodeConfig.of(file("vps")).listeningOn(address)));
    assertThat(again.failure().get(30, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.KEYS_MISSING));
    assertThatThrownBy(again::status).isInstanceOf(RuntimeException.class);
    stop(again);
    Files.move(folder.resolve("kept.key"), key);
    assertThat(incarnation(start("laptop"))).isEqualTo(2);
  }

  @Test
  void nodeWhoseFileIsGoneOrAnotherEnds() throws Exception {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    MeshNode laptop = join("laptop", vps);
    copy(file("vps"), folder.resolve("other.db"));
    Files.delete(file("laptop"));
    Files.move(folder.resolve("other.db"), file("vps"), StandardCopyOption.REPLACE_EXISTING);
    for (MeshNode node : java.util.List.of(vps, laptop)) {
      assertThat(node.failure().get(30, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_DATABASE));
      stop(node);
    }
  }

  private static int incarnation(MeshNode node) {
    return node.ask(mesh -> mesh.site().incarnation()).join();
  }
}
