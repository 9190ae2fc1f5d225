BEGIN;
CREATE TABLE apps (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  source TEXT DEFAULT 'deploy',
  manifest TEXT,
  created_at DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE UNIQUE INDEX idx_apps_name ON apps (name);
CREATE TABLE aliases (
  subdomain TEXT PRIMARY KEY,
  type TEXT NOT NULL DEFAULT 'app',
  target TEXT
);
COMMIT;
