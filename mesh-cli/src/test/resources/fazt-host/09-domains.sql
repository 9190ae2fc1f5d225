BEGIN;
CREATE TABLE domains (
  id TEXT PRIMARY KEY DEFAULT ('dom_' || lower(hex(randomblob(6)))),
  domain TEXT NOT NULL UNIQUE,
  app_id TEXT REFERENCES apps (id) ON DELETE CASCADE,
  verified INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX idx_domains_app ON domains (app_id);
COMMIT;
