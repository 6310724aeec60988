-- What second readers said, beside the attempts. Text is UTF-8, documents are JSON, as before; portable as before.

-- Only ever added to; the last one of an attempt counts.
CREATE TABLE reading (
    attempt  TEXT NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    body     TEXT NOT NULL,
    PRIMARY KEY (attempt, position)
) STRICT;

-- The total with the last reading merged, null without one. Derived, as the rest of the row.
ALTER TABLE standing ADD COLUMN score_merged REAL;

-- How many readings the attempt had when the key had its effect. Null in rows of older schemas, which had none.
ALTER TABLE idempotency ADD COLUMN readings INTEGER CHECK (readings >= 0);
