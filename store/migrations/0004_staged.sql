-- Staged imports: what was read from files and is not accepted yet. Nothing here
-- is searched, matched or exported. The document as it was read stands apart, so
-- that a correction does not write it again; a discarded import has none.

CREATE TABLE staged (
    id         TEXT PRIMARY KEY,
    file       TEXT NOT NULL,              -- its name
    digest     TEXT NOT NULL,              -- hex SHA-256 of the file
    state      TEXT NOT NULL CHECK (state IN ('staged', 'accepted', 'discarded')),
    actor      TEXT NOT NULL,              -- id of a person, or a command's name
    at         TEXT NOT NULL,
    version    INTEGER NOT NULL,
    summary    TEXT NOT NULL,              -- JSON of staging.Summary, of the corrected document
    operations TEXT NOT NULL,              -- JSON list of staging.Operation
    unfit      TEXT NOT NULL,              -- JSON list of those that did not fit
    made       INTEGER NOT NULL,           -- how many operations
    bytes      INTEGER NOT NULL,           -- of the document as JSON
    source     TEXT NOT NULL,              -- id of the standard as it was read
    settled_by TEXT NOT NULL DEFAULT '',
    settled_at TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX staged_by_state ON staged (state, id);
CREATE UNIQUE INDEX staged_once ON staged (digest, source) WHERE state = 'staged';

CREATE TABLE staged_documents (
    import TEXT PRIMARY KEY REFERENCES staged (id),
    body   TEXT NOT NULL -- JSON of corpus.Document
) STRICT;

CREATE TRIGGER staged_settled BEFORE UPDATE ON staged WHEN OLD.state <> 'staged'
BEGIN SELECT RAISE(ABORT, 'a settled import stands'); END;
