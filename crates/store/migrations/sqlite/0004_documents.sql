-- What the candidate keeps beside attempts. Text is UTF-8, documents are JSON, as before; portable as before.

-- One row a document; `version` counts its writes, so that two windows do not overwrite each other unseen.
CREATE TABLE document (
    kind       TEXT NOT NULL,
    id         TEXT NOT NULL,
    version    INTEGER NOT NULL CHECK (version >= 1),
    body       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT;

-- Lists are newest first, a kind at a time.
CREATE INDEX document_by_time ON document (kind, created_at, id);

-- What was logged beside a document. The key makes two writers at one position impossible.
CREATE TABLE entry (
    kind       TEXT NOT NULL,
    document   TEXT NOT NULL,
    position   INTEGER NOT NULL CHECK (position >= 0),
    body       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (kind, document, position),
    FOREIGN KEY (kind, document) REFERENCES document (kind, id) ON DELETE CASCADE
) STRICT;
