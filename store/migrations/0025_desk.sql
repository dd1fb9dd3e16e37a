-- Guidelines of dossiers, in versions that are only added.
CREATE TABLE guidelines (
    dossier TEXT NOT NULL REFERENCES dossiers (id),
    version INTEGER NOT NULL CHECK (version >= 1),
    text    TEXT NOT NULL, -- '' for one that was taken back
    person  TEXT NOT NULL REFERENCES people (id),
    at      TEXT NOT NULL,
    PRIMARY KEY (dossier, version)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER guidelines_stand BEFORE UPDATE ON guidelines
BEGIN SELECT RAISE(ABORT, 'versions of guidelines are only added'); END;
CREATE TRIGGER guidelines_stay BEFORE DELETE ON guidelines
BEGIN SELECT RAISE(ABORT, 'versions of guidelines are only added'); END;

-- How long people worked on an answer, as their page measured it: milliseconds of
-- active time by section. Beside the decisions and no part of them; answers on
-- control items are here as all others are. Shown to its person alone.
CREATE TABLE paces (
    decision TEXT PRIMARY KEY,
    person   TEXT NOT NULL REFERENCES people (id),
    dossier  TEXT NOT NULL REFERENCES dossiers (id),
    at       TEXT NOT NULL,
    answers  INTEGER NOT NULL CHECK (answers > 0), -- given together, in that time
    differs  INTEGER NOT NULL CHECK (differs >= 0),
    texts    INTEGER NOT NULL CHECK (texts >= 0),
    reason   INTEGER NOT NULL CHECK (reason >= 0)
) STRICT;
CREATE INDEX paces_person ON paces (person, at);
CREATE INDEX paces_dossier ON paces (dossier, person);

-- What an answer to a match would do for the coverage (review.OrderEffect), kept to
-- sort by. Clauses whose matches changed wait in effects_due until the end of the
-- transaction, when the effects of all their matches are worked out anew.
ALTER TABLE matches ADD COLUMN effect INTEGER NOT NULL DEFAULT 0;
CREATE INDEX matches_effect ON matches (dossier, effect DESC, confidence DESC, id);
CREATE INDEX matches_open ON matches (dossier, source_standard, position, id) WHERE gone = 0 AND suspect = 0 AND state = 'proposed';
ALTER TABLE controls ADD COLUMN effect INTEGER NOT NULL DEFAULT 0;
CREATE TABLE effects_due (clause TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TRIGGER effects_joined AFTER INSERT ON match_clauses
BEGIN INSERT OR IGNORE INTO effects_due VALUES (NEW.clause); END;
CREATE TRIGGER effects_left AFTER DELETE ON match_clauses
BEGIN INSERT OR IGNORE INTO effects_due VALUES (OLD.clause); END;
CREATE TRIGGER effects_answered AFTER UPDATE OF state, suspect, gone ON matches
WHEN OLD.state <> NEW.state OR OLD.suspect <> NEW.suspect OR OLD.gone <> NEW.gone
BEGIN INSERT OR IGNORE INTO effects_due SELECT clause FROM match_clauses WHERE match = NEW.id; END;
CREATE TRIGGER effects_bound AFTER UPDATE OF normative, removed ON clauses
WHEN (OLD.normative <> NEW.normative OR OLD.removed <> NEW.removed) AND EXISTS (SELECT 1 FROM match_clauses WHERE clause = NEW.id)
BEGIN INSERT OR IGNORE INTO effects_due VALUES (NEW.id); END;
INSERT INTO effects_due SELECT DISTINCT clause FROM match_clauses;
