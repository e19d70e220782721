-- +goose Up
-- To come back to a draft: what a code leads to, and the draft's key, wrapped
-- under that code. By when an answer to a case is due, and how that was
-- reckoned.
ALTER TABLE draft ADD COLUMN resume TEXT NOT NULL DEFAULT '';
ALTER TABLE draft ADD COLUMN wrapped TEXT NOT NULL DEFAULT '';
CREATE INDEX draft_resume ON draft (resume) WHERE resume <> '';

ALTER TABLE cases ADD COLUMN due TEXT NOT NULL DEFAULT '';
CREATE INDEX cases_draft ON cases (draft);
