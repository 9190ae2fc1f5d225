package sh.fazt.mesh.schema;

import java.util.Locale;
import java.util.Set;

/** What replicates of Fazt's own database: content, not secrets, sessions and logs. */
final class FaztPreset {
  private static final Set<String> MARKS = Set.of("files", "apps", "app_kv", "app_docs");

  private static final Set<String> REPLICATED =
      Set.of(
          "apps",
          "aliases",
          "files",
          "app_kv",
          "app_docs",
          "app_blobs",
          "kv_store",
          "domains",
          "redirects",
          "webhooks",
          "env_vars",
          "deployments");

  private static final Set<String> PRIVATE =
      Set.of(
          "identity",
          "api_keys",
          "net_secrets",
          "certificates",
          "configurations",
          "peers",
          "migrations",
          "worker_jobs",
          "beacon_nodes",
          "events",
          "site_logs",
          "activity_log",
          "net_log",
          "notifications");

  private FaztPreset() {}

  /** Whether these are the tables of a Fazt database. */
  static boolean fits(Set<String> tables) {
    return tables.containsAll(MARKS);
  }

  static boolean replicates(String table) {
    return REPLICATED.contains(table.toLowerCase(Locale.ROOT));
  }

  /** Whether the table holds what is one node's own: keys, accounts, jobs, logs. */
  static boolean isPrivate(String table) {
    String lower = table.toLowerCase(Locale.ROOT);
    return PRIVATE.contains(lower) || lower.startsWith("auth_");
  }
}
