package sh.fazt.mesh.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import org.junit.jupiter.api.Test;

final class StatementCacheTest {
  private static final int STATEMENTS_MAX = 200;

  @Test
  void beyondTheLimitTheOneThatRestsLongestIsClosed() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      StatementCache cache = new StatementCache(connection);
      PreparedStatement eldest = cache.take("SELECT 0");
      cache.giveBack("SELECT 0", eldest);
      PreparedStatement second = cache.take("SELECT 1");
      cache.giveBack("SELECT 1", second);
      for (int each = 2; each < STATEMENTS_MAX; each++) {
        String sql = "SELECT " + each;
        cache.giveBack(sql, cache.take(sql));
      }
      assertThat(eldest.isClosed()).isFalse();

      String beyond = "SELECT " + STATEMENTS_MAX;
      cache.giveBack(beyond, cache.take(beyond));

      assertThat(eldest.isClosed()).isTrue();
      assertThat(second.isClosed()).isFalse();
      cache.forget();
    }
  }
}
