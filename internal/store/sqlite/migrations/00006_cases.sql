-- +goose Up
-- When the department was known to have a case, from when retention counts,
-- and when a job was done.
ALTER TABLE cases ADD COLUMN delivered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job ADD COLUMN finished INTEGER NOT NULL DEFAULT 0;
CREATE INDEX cases_version ON cases (version, state, changed);

UPDATE cases SET delivered = coalesce((SELECT min(e.at) FROM event e WHERE e.reference = cases.reference AND e.by_key <> ''), 0);
