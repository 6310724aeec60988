-- Programs are graded in the background. Text is UTF-8, instants are microseconds since the Unix epoch,
-- documents are JSON, as before; portable as before, but for the way the table is made anew.

-- An attempt may now wait: `queued` until it is graded, which is the one change that a row ever sees. SQLite cannot
-- alter a check, so the table is made anew; foreign keys are off meanwhile (see migrate.rs) and checked afterwards.
CREATE TABLE attempt_anew (
    id          TEXT PRIMARY KEY,
    item        TEXT NOT NULL,
    revision    TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('queued', 'scored', 'void')),
    void_reason TEXT,
    created_at  INTEGER NOT NULL,
    elapsed_ms  INTEGER CHECK (elapsed_ms >= 0),
    -- Set to null when that attempt is deleted: delete means gone, also as a name.
    previous    TEXT REFERENCES attempt (id) ON DELETE SET NULL,
    submission  TEXT NOT NULL,
    scorecard   TEXT,
    FOREIGN KEY (item, revision) REFERENCES revision (item, revision),
    CHECK ((state = 'scored') = (scorecard IS NOT NULL)),
    CHECK ((state = 'void') = (void_reason IS NOT NULL))
) STRICT;
INSERT INTO attempt_anew SELECT id, item, revision, state, void_reason, created_at, elapsed_ms, previous, submission,
    scorecard FROM attempt;
DROP TABLE attempt;
ALTER TABLE attempt_anew RENAME TO attempt;
CREATE INDEX attempt_by_time ON attempt (created_at, id);
CREATE INDEX attempt_by_item ON attempt (item, created_at, id);
CREATE INDEX attempt_by_previous ON attempt (previous);
CREATE INDEX attempt_by_revision ON attempt (item, revision);

-- What waits to be graded, added in the transaction that adds the attempt and deleted in the one that grades it.
-- Who grades holds a lease: a process that died leaves a row that another takes when the lease is over.
CREATE TABLE waiting (
    attempt     TEXT PRIMARY KEY REFERENCES attempt (id) ON DELETE CASCADE,
    seed        INTEGER NOT NULL CHECK (seed >= 0),
    -- Not taken before this instant: the time of the attempt, later after a failure.
    ready_at    INTEGER NOT NULL,
    tries       INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
    -- Why it has not been graded yet; null while nothing is in the way.
    reason      TEXT,
    leased_by   TEXT,
    leased_till INTEGER,
    CHECK ((leased_by IS NULL) = (leased_till IS NULL))
) STRICT;

CREATE INDEX waiting_by_time ON waiting (ready_at, attempt);

-- Unsent programs with their tests, one for each language of an item, as `[{"path", "text"}]`.
CREATE TABLE program_draft (
    item       TEXT NOT NULL,
    lang       TEXT NOT NULL,
    files      TEXT NOT NULL,
    elapsed_ms INTEGER CHECK (elapsed_ms >= 0),
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (item, lang)
) STRICT;
