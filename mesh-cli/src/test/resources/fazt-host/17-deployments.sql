PRAGMA foreign_keys = OFF;
BEGIN;
ALTER TABLE deployments RENAME TO deployments_old;
CREATE TABLE deployments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  site_id TEXT NOT NULL,
  size_bytes INTEGER NOT NULL DEFAULT 0,
  file_count INTEGER NOT NULL DEFAULT 0,
  deployed_by TEXT,
  deployed_at DATETIME DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO deployments (id, site_id, size_bytes, file_count, deployed_at)
  SELECT id, site_id, coalesce(size_bytes, 0), coalesce(file_count, 0), deployed_at FROM deployments_old;
DROP TABLE deployments_old;
COMMIT;
PRAGMA foreign_keys = ON;
