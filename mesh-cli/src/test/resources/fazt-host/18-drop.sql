BEGIN;
ALTER TABLE apps DROP COLUMN manifest;
ALTER TABLE app_blobs RENAME COLUMN mime TO mime_type;
ALTER TABLE env_vars ADD COLUMN secret INTEGER NOT NULL DEFAULT 0;
DROP TRIGGER apps_updated;
CREATE TRIGGER apps_updated AFTER UPDATE ON apps FOR EACH ROW WHEN NEW.updated_at IS OLD.updated_at
BEGIN
  UPDATE apps SET updated_at = strftime('%Y-%m-%d %H:%M:%f', 'now') WHERE id = NEW.id;
END;
COMMIT;
