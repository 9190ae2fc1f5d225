PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE apps_new (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  title TEXT,
  tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags)),
  visibility TEXT NOT NULL DEFAULT 'unlisted',
  source TEXT DEFAULT 'deploy',
  manifest TEXT,
  created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
  updated_at DATETIME DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO apps_new (id, name, title, source, manifest, created_at)
  SELECT id, name, name, source, manifest, created_at FROM apps;
DROP TABLE apps;
ALTER TABLE apps_new RENAME TO apps;
CREATE INDEX idx_apps_visibility ON apps (visibility);
COMMIT;
PRAGMA foreign_keys = ON;
