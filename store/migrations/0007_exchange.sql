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

-- The feed: one row for every change that programs may hear of, numbered without a
-- gap, written by the database itself in the transaction of the change. It says
-- what changed, not how: the state is read when it is told.
CREATE TABLE feed (
    seq    INTEGER PRIMARY KEY,
    kind   TEXT NOT NULL CHECK (kind IN ('standard', 'clause', 'dossier', 'match', 'round')),
    object TEXT NOT NULL -- its id; of a round, the dossier's id, "/" and the number
) STRICT;

INSERT INTO feed (kind, object) SELECT 'standard', id FROM standards ORDER BY id;
INSERT INTO feed (kind, object) SELECT 'clause', id FROM clauses ORDER BY mark;
INSERT INTO feed (kind, object) SELECT 'dossier', id FROM dossiers ORDER BY created, id;
INSERT INTO feed (kind, object) SELECT 'match', id FROM matches ORDER BY updated, id;
INSERT INTO feed (kind, object) SELECT 'round', dossier || '/' || number FROM rounds ORDER BY dossier, number;

CREATE TRIGGER feed_stands BEFORE UPDATE ON feed
BEGIN SELECT RAISE(ABORT, 'rows of the feed are only added'); END;
CREATE TRIGGER feed_stays BEFORE DELETE ON feed
BEGIN SELECT RAISE(ABORT, 'rows of the feed are only added'); END;

CREATE TRIGGER feed_standard_new AFTER INSERT ON standards
BEGIN INSERT INTO feed (kind, object) VALUES ('standard', NEW.id); END;
CREATE TRIGGER feed_standard AFTER UPDATE ON standards
WHEN NEW.body <> OLD.body OR NEW.clauses <> OLD.clauses OR NEW.normative <> OLD.normative
BEGIN INSERT INTO feed (kind, object) VALUES ('standard', NEW.id); END;
CREATE TRIGGER feed_clause_new AFTER INSERT ON clauses
BEGIN INSERT INTO feed (kind, object) VALUES ('clause', NEW.id); END;
CREATE TRIGGER feed_clause AFTER UPDATE ON clauses WHEN NEW.mark <> OLD.mark OR NEW.position <> OLD.position
BEGIN INSERT INTO feed (kind, object) VALUES ('clause', NEW.id); END;
CREATE TRIGGER feed_dossier_new AFTER INSERT ON dossiers
BEGIN INSERT INTO feed (kind, object) VALUES ('dossier', NEW.id); END;
CREATE TRIGGER feed_dossier AFTER UPDATE ON dossiers
BEGIN INSERT INTO feed (kind, object) VALUES ('dossier', NEW.id); END;
CREATE TRIGGER feed_match_new AFTER INSERT ON matches
BEGIN INSERT INTO feed (kind, object) VALUES ('match', NEW.id); END;
CREATE TRIGGER feed_match AFTER UPDATE ON matches WHEN NEW.version <> OLD.version
BEGIN INSERT INTO feed (kind, object) VALUES ('match', NEW.id); END;
CREATE TRIGGER feed_round_new AFTER INSERT ON rounds
BEGIN INSERT INTO feed (kind, object) VALUES ('round', NEW.dossier || '/' || NEW.number); END;
CREATE TRIGGER feed_round AFTER INSERT ON round_signatures
BEGIN INSERT INTO feed (kind, object) VALUES ('round', NEW.dossier || '/' || NEW.number); END;
