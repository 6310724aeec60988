-- The first schema. Text is UTF-8, instants are microseconds since the Unix epoch, documents are JSON.
-- Portable on purpose: the PostgreSQL migration of the same number differs in type names only.

-- The source of an item as it was when somebody was graded on it, once per revision, so that an old
-- scorecard can be replayed after the bank has moved on.
CREATE TABLE revision (
    item     TEXT NOT NULL,
    revision TEXT NOT NULL,
    source   TEXT NOT NULL,
    lexicon  TEXT NOT NULL,
    PRIMARY KEY (item, revision)
) STRICT;

-- One submission. A row never changes after its insert; what follows is added beside it.
CREATE TABLE attempt (
    id          TEXT PRIMARY KEY,
    item        TEXT NOT NULL,
    revision    TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('scored', 'void')),
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

-- Lists are keyset pages, newest first, of everything or of one item.
CREATE INDEX attempt_by_time ON attempt (created_at, id);
CREATE INDEX attempt_by_item ON attempt (item, created_at, id);
-- Without it a delete scans the table to find who refers to the row.
CREATE INDEX attempt_by_previous ON attempt (previous);
CREATE INDEX attempt_by_revision ON attempt (item, revision);

-- Answers to the interviewer. The key makes a second answer to the same question impossible.
CREATE TABLE reply (
    attempt    TEXT NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL CHECK (position >= 0),
    body       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (attempt, position)
) STRICT;

-- Where a scored attempt stands after its replies. Derived: lists, summaries and history would
-- otherwise grade again for every row. Written in the transaction that changes what it derives from.
CREATE TABLE standing (
    attempt  TEXT PRIMARY KEY REFERENCES attempt (id) ON DELETE CASCADE,
    score    REAL,
    coverage REAL,
    -- The coverage criteria as [{"id", "title", "status"}].
    criteria TEXT NOT NULL
) STRICT;

-- Unsent text, one per item.
CREATE TABLE draft (
    item       TEXT PRIMARY KEY,
    text       TEXT NOT NULL,
    elapsed_ms INTEGER CHECK (elapsed_ms >= 0),
    updated_at INTEGER NOT NULL
) STRICT;

-- What a client's idempotency key led to. `position` is the reply it added, null for the attempt itself.
CREATE TABLE idempotency (
    key          TEXT PRIMARY KEY,
    request_hash TEXT NOT NULL,
    attempt      TEXT NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
    position     INTEGER,
    created_at   INTEGER NOT NULL
) STRICT;

-- For the purge of old keys, and for the cascade.
CREATE INDEX idempotency_by_time ON idempotency (created_at);
CREATE INDEX idempotency_by_attempt ON idempotency (attempt);
