-- A human's word against the grader's. Text is UTF-8, documents are JSON, as before; portable as before.

-- What a human said of single criteria, in order. Only ever added to: a withdrawal is a row of its own.
CREATE TABLE override (
    attempt  TEXT NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    body     TEXT NOT NULL,
    PRIMARY KEY (attempt, position)
) STRICT;

-- The total with the overrides in force, null without any. Derived, as the rest of the row.
ALTER TABLE standing ADD COLUMN score_by_hand REAL;

-- How many overrides the attempt had when the key had its effect, so that it answers as the first time.
-- Null in rows of the first schema, which had none.
ALTER TABLE idempotency ADD COLUMN overrides INTEGER CHECK (overrides >= 0);
