BEGIN;
CREATE TABLE app_kv (
  app_id TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT,
  expires_at INTEGER,
  PRIMARY KEY (app_id, key)
);
CREATE INDEX idx_app_kv_expires ON app_kv (expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE app_docs (
  app_id TEXT NOT NULL,
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  data TEXT NOT NULL,
  created_at INTEGER DEFAULT (strftime('%s', 'now')),
  PRIMARY KEY (app_id, collection, id)
);
COMMIT;
