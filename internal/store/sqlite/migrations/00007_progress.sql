-- +goose Up
-- Where people are in what they read: hashes, and what only their own devices
-- can open. No page, no address, no browser. Nothing refers to these tables.
CREATE TABLE progress_card (
  id      BLOB PRIMARY KEY,
  auth    BLOB NOT NULL,
  seq     INTEGER NOT NULL,
  written INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX progress_card_written ON progress_card (written);

CREATE TABLE progress_slot (
  card    BLOB NOT NULL,
  slot    BLOB NOT NULL,
  sealed  BLOB NOT NULL,
  seq     INTEGER NOT NULL,
  written INTEGER NOT NULL,
  PRIMARY KEY (card, slot)
) WITHOUT ROWID;
CREATE INDEX progress_slot_written ON progress_slot (written);

CREATE TABLE progress_link (
  place   BLOB PRIMARY KEY,
  sealed  BLOB NOT NULL,
  expires INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX progress_link_expires ON progress_link (expires);
