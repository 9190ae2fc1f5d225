BEGIN;
CREATE TABLE migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at DATETIME DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE files (
  site_id TEXT NOT NULL,
  path TEXT NOT NULL,
  content BLOB,
  size_bytes INTEGER NOT NULL DEFAULT 0,
  mime_type TEXT,
  hash TEXT,
  created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
  updated_at DATETIME DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (site_id, path)
);
CREATE TABLE kv_store (
  site_id TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT,
  updated_at DATETIME DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (site_id, key)
);
CREATE INDEX idx_kv_site ON kv_store (site_id);
CREATE TABLE configurations (key TEXT PRIMARY KEY, value TEXT NOT NULL);
COMMIT;
