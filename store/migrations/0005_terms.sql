-- Terms that users added to the shipped ones. An entry is kept as the JSON of
-- termbase.Entry; every version it had stays, and a withdrawn one is marked and
-- never deleted.

CREATE TABLE terms (
    id        TEXT PRIMARY KEY,
    version   INTEGER NOT NULL CHECK (version >= 1),
    withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
    body      TEXT NOT NULL
) STRICT;

CREATE TABLE term_versions (
    seq       INTEGER PRIMARY KEY, -- the revision of the whole termbase
    entry     TEXT NOT NULL REFERENCES terms (id),
    version   INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
    body      TEXT NOT NULL,
    actor     TEXT NOT NULL,
    at        TEXT NOT NULL,
    UNIQUE (entry, version)
) STRICT;

CREATE TRIGGER terms_stay BEFORE DELETE ON terms
BEGIN SELECT RAISE(ABORT, 'terms are withdrawn, never deleted'); END;
CREATE TRIGGER terms_grow BEFORE UPDATE ON terms WHEN NEW.version <> OLD.version + 1
BEGIN SELECT RAISE(ABORT, 'the version of an entry grows by one'); END;
CREATE TRIGGER term_versions_stand BEFORE UPDATE ON term_versions
BEGIN SELECT RAISE(ABORT, 'versions of terms are only added'); END;
CREATE TRIGGER term_versions_stay BEFORE DELETE ON term_versions
BEGIN SELECT RAISE(ABORT, 'versions of terms are only added'); END;
