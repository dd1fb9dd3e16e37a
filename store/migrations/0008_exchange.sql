-- Mappings that others made. They stand beside each other and beside our own
-- matches, which they never change. The file is kept as it came (gzip); a row is
-- pending while one of its refs has found nothing.

CREATE TABLE imported_sets (
    id      TEXT PRIMARY KEY,
    kind    TEXT NOT NULL CHECK (kind IN ('proposals', 'decisions')),
    dossier TEXT REFERENCES dossiers (id),
    digest  TEXT NOT NULL, -- hex SHA-256 of the file
    body    TEXT NOT NULL, -- provenance and problems, JSON
    content BLOB NOT NULL,
    rows    INTEGER NOT NULL,
    at      TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX imported_sets_once ON imported_sets (digest, kind, COALESCE(dossier, ''));

CREATE TABLE imported_rows (
    id      INTEGER PRIMARY KEY,
    "set"   TEXT NOT NULL REFERENCES imported_sets (id),
    number  INTEGER NOT NULL,
    pending INTEGER NOT NULL CHECK (pending IN (0, 1)),
    body    TEXT NOT NULL, -- JSON, without what was found
    UNIQUE ("set", number)
) STRICT;
CREATE INDEX imported_rows_pending ON imported_rows ("set", number) WHERE pending = 1;

CREATE TABLE imported_refs (
    "row"    INTEGER NOT NULL REFERENCES imported_rows (id),
    position INTEGER NOT NULL, -- sources first, then targets; what a gap is against comes last
    standard TEXT NOT NULL,    -- as the file names it
    clause   TEXT NOT NULL,    -- as the file names it, '' for the whole standard
    found    TEXT NOT NULL,    -- the clause's id, of a whole standard its id; '' while unknown
    PRIMARY KEY ("row", position)
) STRICT;
CREATE INDEX imported_refs_found ON imported_refs (found) WHERE found <> '';
CREATE INDEX imported_refs_pending ON imported_refs (standard) WHERE found = '';
