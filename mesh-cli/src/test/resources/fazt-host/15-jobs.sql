BEGIN;
CREATE TABLE worker_jobs (
  id TEXT PRIMARY KEY,
  app_id TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'pending',
  config TEXT NOT NULL DEFAULT '{}'
);
CREATE UNIQUE INDEX idx_jobs_unique ON worker_jobs (app_id, json_extract(config, '$.key'))
  WHERE state IN ('pending', 'running') AND json_extract(config, '$.key') IS NOT NULL;
COMMIT;
