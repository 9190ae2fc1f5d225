BEGIN;
CREATE TABLE app_blobs (
  app_id TEXT NOT NULL,
  path TEXT NOT NULL,
  data BLOB NOT NULL,
  mime TEXT NOT NULL DEFAULT 'application/octet-stream',
  size INTEGER AS (length(data)) VIRTUAL,
  PRIMARY KEY (app_id, path)
);
CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, domain TEXT, tags TEXT, created_at DATETIME DEFAULT CURRENT_TIMESTAMP);
COMMIT;
