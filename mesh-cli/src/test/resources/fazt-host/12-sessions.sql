BEGIN;
ALTER TABLE app_docs ADD COLUMN session_id TEXT;
CREATE INDEX idx_app_docs_session ON app_docs (app_id, session_id) WHERE session_id IS NOT NULL;
ALTER TABLE app_kv ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
UPDATE app_docs SET session_id = json_extract(data, '$.session') WHERE json_extract(data, '$.session') IS NOT NULL;
COMMIT;
