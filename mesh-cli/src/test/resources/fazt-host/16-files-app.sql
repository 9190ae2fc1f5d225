BEGIN;
ALTER TABLE files ADD COLUMN app_id TEXT;
UPDATE files SET app_id = site_id WHERE app_id IS NULL;
CREATE INDEX idx_files_app ON files (app_id);
COMMIT;
