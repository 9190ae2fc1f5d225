PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE kv_store_new (
  site_id TEXT NOT NULL,
  key TEXT NOT NULL COLLATE NOCASE,
  value TEXT,
  kind TEXT NOT NULL DEFAULT 'text',
  updated_at DATETIME DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (site_id, key)
) WITHOUT ROWID;
INSERT INTO kv_store_new (site_id, key, value, updated_at) SELECT site_id, key, value, updated_at FROM kv_store;
DROP TABLE kv_store;
ALTER TABLE kv_store_new RENAME TO kv_store;
DROP TABLE notifications;
CREATE TABLE notifications (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT, body TEXT, read INTEGER DEFAULT 0);
COMMIT;
PRAGMA foreign_keys = ON;
VACUUM;
