package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;

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
    await(() -> again.ask(mesh -> mesh.site().incarnation()).join() == 2);
    sync(again);
    assertThat(sql("laptop", "SELECT id FROM t ORDER BY id")).containsExactly("a", "b");
    sql("laptop", "INSERT INTO t VALUES ('c', 3)");
    sync(again);
    assertThat(sql("vps", "SELECT id FROM t ORDER BY id")).containsExactly("a", "b", "c");
  }
}
