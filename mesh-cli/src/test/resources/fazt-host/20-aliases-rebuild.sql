PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE aliases_new (
  subdomain TEXT PRIMARY KEY,
  type TEXT NOT NULL DEFAULT 'app' CHECK (type IN ('app', 'redirect', 'reserved', 'split')),
  targets TEXT,
  created_at INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO aliases_new (subdomain, type, targets) SELECT subdomain, type, targets FROM aliases;
DROP TABLE aliases;
ALTER TABLE aliases_new RENAME TO aliases;
ALTER TABLE events ADD COLUMN path TEXT;
CREATE VIEW app_sizes AS SELECT app_id, sum(size_bytes) AS bytes FROM files GROUP BY app_id;
COMMIT;
PRAGMA foreign_keys = ON;
