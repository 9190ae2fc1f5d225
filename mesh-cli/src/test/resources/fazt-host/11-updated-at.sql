BEGIN;
CREATE TRIGGER files_updated AFTER UPDATE OF content ON files FOR EACH ROW
BEGIN
  UPDATE files SET updated_at = strftime('%Y-%m-%d %H:%M:%f', 'now'), size_bytes = length(NEW.content)
    WHERE site_id = NEW.site_id AND path = NEW.path;
END;
CREATE TRIGGER apps_updated AFTER UPDATE OF name, title, tags ON apps FOR EACH ROW
BEGIN
  UPDATE apps SET updated_at = strftime('%Y-%m-%d %H:%M:%f', 'now') WHERE id = NEW.id;
END;
COMMIT;
