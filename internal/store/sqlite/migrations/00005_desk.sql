-- +goose Up
-- What happened with cases once they were sent. Texts are sealed for the
-- department and the case's secret; addresses under the server's key.
CREATE TABLE event (
  id         TEXT PRIMARY KEY,
  reference  TEXT NOT NULL,
  seq        INTEGER NOT NULL,
  kind       TEXT NOT NULL,
  state      TEXT NOT NULL,
  at         INTEGER NOT NULL,
  by_key     TEXT NOT NULL,
  due        INTEGER NOT NULL,
  of_ask     TEXT NOT NULL,
  sealed     BLOB NOT NULL,
  UNIQUE (reference, seq)
) WITHOUT ROWID;

CREATE TABLE notice (
  reference TEXT PRIMARY KEY,
  sealed    BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE proof (
  recipient TEXT PRIMARY KEY,
  challenge BLOB NOT NULL,
  asked     INTEGER NOT NULL,
  proved    INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX cases_department ON cases (department, reference);
