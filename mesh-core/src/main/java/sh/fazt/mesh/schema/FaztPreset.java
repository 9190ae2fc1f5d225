package sh.fazt.mesh.schema;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What replicates of Fazt's own database: content, not secrets, sessions and logs. */
final class FaztPreset {
  static final String NAME = "fazt";

  private static final String SECRETS = "secrets";
  private static final String SESSIONS = "sessions";
  private static final String LOGS = "logs";
  private static final String NODE_STATE = "node state";

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

  private static final Map<String, String> PRIVATE =
      Map.ofEntries(
          Map.entry("identity", SECRETS),
          Map.entry("api_keys", SECRETS),
          Map.entry("net_secrets", SECRETS),
          Map.entry("certificates", SECRETS),
          Map.entry("configurations", SECRETS),
          Map.entry("peers", SECRETS),
          Map.entry("migrations", NODE_STATE),
          Map.entry("worker_jobs", NODE_STATE),
          Map.entry("beacon_nodes", NODE_STATE),
          Map.entry("events", LOGS),
          Map.entry("site_logs", LOGS),
          Map.entry("activity_log", LOGS),
          Map.entry("net_log", LOGS),
          Map.entry("notifications", LOGS));

  private FaztPreset() {}

  /** Whether these are the tables of a Fazt database. */
  static boolean fits(Set<String> tables) {
    return tables.containsAll(MARKS);
  }

  static boolean replicates(String table) {
    return REPLICATED.contains(table.toLowerCase(Locale.ROOT));
  }

  /** What a table holds that is one node's own: keys, accounts, jobs, logs; empty if none of it. */
  static Optional<String> ownKind(String table) {
    String lower = table.toLowerCase(Locale.ROOT);
    return lower.startsWith("auth_")
        ? Optional.of(SESSIONS)
        : Optional.ofNullable(PRIVATE.get(lower));
  }
}
