-- +goose Up
-- Times are milliseconds since 1970 in UTC; hashes, keys and sealed bytes are
-- blobs. What the server can read is listed in the handbook. These files are
-- in SQLite's words; PostgreSQL gets them translated.
CREATE TABLE draft (
  id             TEXT PRIMARY KEY,
  form           TEXT NOT NULL,
  version        TEXT NOT NULL,
  lang           TEXT NOT NULL,
  edition        TEXT NOT NULL,
  step           TEXT NOT NULL,
  state          TEXT NOT NULL,
  rev            INTEGER NOT NULL,
  token          BLOB NOT NULL,
  case_salt      BLOB NOT NULL,
  case_check     BLOB NOT NULL,
  case_recipient TEXT NOT NULL,
  sealed         BLOB NOT NULL,
  reference      TEXT NOT NULL,
  created        INTEGER NOT NULL,
  changed        INTEGER NOT NULL,
  expires        INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX draft_expires ON draft (expires);

CREATE TABLE cases (
  reference  TEXT PRIMARY KEY,
  token      BLOB NOT NULL UNIQUE,
  draft      TEXT NOT NULL,
  form       TEXT NOT NULL,
  version    TEXT NOT NULL,
  department TEXT NOT NULL,
  lang       TEXT NOT NULL,
  edition    TEXT NOT NULL,
  state      TEXT NOT NULL,
  review     TEXT NOT NULL,
  received   INTEGER NOT NULL,
  held_until INTEGER NOT NULL,
  changed    INTEGER NOT NULL,
  salt       BLOB NOT NULL,
  secret     BLOB NOT NULL,
  recipient  TEXT NOT NULL,
  sealed     BLOB NOT NULL
);
CREATE INDEX cases_held ON cases (held_until) WHERE state = 'held';

CREATE TABLE job (
  id         TEXT PRIMARY KEY,
  seq        INTEGER NOT NULL,
  reference  TEXT NOT NULL,
  department TEXT NOT NULL,
  kind       TEXT NOT NULL,
  at_once    INTEGER NOT NULL,
  state      TEXT NOT NULL,
  not_before INTEGER NOT NULL,
  attempts   INTEGER NOT NULL,
  lease      INTEGER NOT NULL,
  error      TEXT NOT NULL,
  payload    BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX job_reference ON job (reference);
CREATE INDEX job_due ON job (not_before) WHERE state = 'waiting' OR state = 'claimed';

CREATE TABLE tombstone (
  reference TEXT PRIMARY KEY,
  deleted   INTEGER NOT NULL,
  why       TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE definition (
  version TEXT PRIMARY KEY,
  form    TEXT NOT NULL,
  body    BLOB NOT NULL,
  loaded  INTEGER NOT NULL
);

CREATE TABLE heartbeat (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL
);

-- The last transaction of each instance on a shared database: whether a commit
-- took place whose answer was lost.
CREATE TABLE instance (
  id   TEXT PRIMARY KEY,
  mark BLOB NOT NULL,
  seen INTEGER NOT NULL
);
