BEGIN;
ALTER TABLE aliases RENAME COLUMN target TO targets;
UPDATE aliases SET targets = json_array(targets) WHERE targets IS NOT NULL AND NOT json_valid(targets);
COMMIT;
