BEGIN;
CREATE TABLE peers (
  id TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(8)))),
  name TEXT NOT NULL UNIQUE,
  url TEXT NOT NULL,
  token TEXT,
  is_default INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX idx_peers_default ON peers (is_default) WHERE is_default = 1;
CREATE TABLE beacon_nodes (id TEXT PRIMARY KEY, name TEXT, seen_at INTEGER);
CREATE TABLE net_secrets (id TEXT PRIMARY KEY, name TEXT UNIQUE, value TEXT NOT NULL);
CREATE TABLE certificates (domain TEXT PRIMARY KEY, pem BLOB NOT NULL);
COMMIT;
