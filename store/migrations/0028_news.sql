-- What people are told of: one row a person and thing, written in the transaction of
-- what happened. While it is unseen, the same is not told twice.
CREATE TABLE news (
    seq     INTEGER PRIMARY KEY,
    person  TEXT NOT NULL REFERENCES people (id),
    kind    TEXT NOT NULL CHECK (kind IN ('disputed', 'settled', 'suspect', 'mentioned', 'asked', 'assigned', 'run', 'export')),
    object  TEXT NOT NULL, -- id of the match, dossier, run or export
    dossier TEXT NOT NULL REFERENCES dossiers (id),
    at      TEXT NOT NULL,
    seen    TEXT NOT NULL  -- '' while it is unseen
) STRICT;
CREATE UNIQUE INDEX news_once ON news (person, kind, object) WHERE seen = '';
CREATE INDEX news_person ON news (person, at);

-- What a person does not want to be told of, and how often the rest is brought.
CREATE TABLE news_choices (
    person TEXT PRIMARY KEY REFERENCES people (id),
    often  TEXT NOT NULL CHECK (often IN ('always', 'daily', 'weekly', 'never')),
    muted  TEXT NOT NULL -- JSON list of kinds
) STRICT;

-- Who answered a match hears what others made of it. Who did it needs no telling: a
-- change of state by a decision has the decision's version.
CREATE TRIGGER news_state AFTER UPDATE OF state ON matches
WHEN OLD.state <> NEW.state AND NEW.state IN ('disputed', 'confirmed', 'rejected', 'no-counterpart')
BEGIN
    INSERT OR IGNORE INTO news (person, kind, object, dossier, at, seen)
    SELECT DISTINCT d.person, CASE NEW.state WHEN 'disputed' THEN 'disputed' ELSE 'settled' END, NEW.id, NEW.dossier, NEW.updated, ''
    FROM decisions d JOIN people p ON p.id = d.person AND p.disabled = 0
    WHERE d.match = NEW.id AND d.kind <> 'withdrawal'
        AND d.person IS NOT (SELECT x.person FROM decisions x WHERE x.match = NEW.id AND x.version = NEW.version)
        AND NOT EXISTS (SELECT 1 FROM decisions w WHERE w.withdraws = d.id);
    -- "@login" in a comment is told once the comment may be read, and only once.
    INSERT OR IGNORE INTO news (person, kind, object, dossier, at, seen)
    SELECT DISTINCT p.id, 'mentioned', NEW.id, NEW.dossier, NEW.updated, ''
    FROM decisions d JOIN people p ON p.disabled = 0 AND p.id <> d.person AND lower(d.note) || ' ' GLOB '*@' || p.login_key || '[^a-z0-9_-]*'
    WHERE d.match = NEW.id AND instr(d.note, '@') > 0
        AND NOT EXISTS (SELECT 1 FROM decisions w WHERE w.withdraws = d.id)
        AND NOT EXISTS (SELECT 1 FROM news n WHERE n.person = p.id AND n.kind = 'mentioned' AND n.object = NEW.id AND n.at >= d.at);
END;
-- A comment of an answer that changes no state may be read at once where all are.
CREATE TRIGGER news_said AFTER UPDATE OF version ON matches
WHEN OLD.state = NEW.state AND NEW.state IN ('disputed', 'confirmed', 'rejected', 'no-counterpart')
BEGIN
    INSERT OR IGNORE INTO news (person, kind, object, dossier, at, seen)
    SELECT p.id, 'mentioned', NEW.id, NEW.dossier, NEW.updated, ''
    FROM decisions d JOIN people p ON p.disabled = 0 AND p.id <> d.person AND lower(d.note) || ' ' GLOB '*@' || p.login_key || '[^a-z0-9_-]*'
    WHERE d.match = NEW.id AND d.version = NEW.version AND instr(d.note, '@') > 0;
END;
CREATE TRIGGER news_suspect AFTER UPDATE OF suspect ON matches
WHEN OLD.suspect = 0 AND NEW.suspect = 1
BEGIN
    INSERT OR IGNORE INTO news (person, kind, object, dossier, at, seen)
    SELECT DISTINCT d.person, 'suspect', NEW.id, NEW.dossier, NEW.updated, ''
    FROM decisions d JOIN people p ON p.id = d.person AND p.disabled = 0
    WHERE d.match = NEW.id AND d.kind <> 'withdrawal' AND NOT EXISTS (SELECT 1 FROM decisions w WHERE w.withdraws = d.id);
END;
-- Who passed a match over for a colleague asks those of the own side who may answer.
CREATE TRIGGER news_asked AFTER INSERT ON skips WHEN NEW.reason = 'colleague'
BEGIN
    INSERT OR IGNORE INTO news (person, kind, object, dossier, at, seen)
    SELECT o.id, 'asked', NEW.match, m.dossier, NEW.created, ''
    FROM people p JOIN people o ON o.party = p.party AND o.id <> p.id AND o.disabled = 0 AND o.role IN ('reviewer', 'adjudicator')
    JOIN matches m ON m.id = NEW.match
    WHERE p.id = NEW.person AND p.party <> '';
END;
CREATE TRIGGER news_assigned AFTER INSERT ON dossier_standards WHEN NEW.party <> ''
BEGIN
    INSERT OR IGNORE INTO news (person, kind, object, dossier, at, seen)
    SELECT p.id, 'assigned', d.id, d.id, d.created, ''
    FROM people p JOIN dossiers d ON d.id = NEW.dossier
    WHERE p.party = NEW.party AND p.disabled = 0 AND p.role IN ('reviewer', 'adjudicator', 'negotiator')
        AND NOT EXISTS (SELECT 1 FROM news n WHERE n.person = p.id AND n.kind = 'assigned' AND n.object = d.id);
END;
CREATE TRIGGER news_run AFTER UPDATE OF state ON runs
WHEN OLD.state <> NEW.state AND NEW.state IN ('done', 'stopped', 'failed')
BEGIN
    INSERT OR IGNORE INTO news (person, kind, object, dossier, at, seen)
    SELECT p.id, 'run', NEW.id, NEW.dossier, NEW.ended, '' FROM people p WHERE p.id = NEW.actor AND p.disabled = 0;
END;

-- What an answer would do for the coverage changes with what is settled and what is
-- open (store/order_effect.go), not with every answer: a first opinion and a dispute
-- leave a match open, and the matches beside it what they are.
DROP TRIGGER effects_answered;
CREATE TRIGGER effects_answered AFTER UPDATE OF state, suspect, gone ON matches
WHEN (OLD.state IN ('confirmed', 'no-counterpart') AND OLD.suspect = 0 AND OLD.gone = 0) <> (NEW.state IN ('confirmed', 'no-counterpart') AND NEW.suspect = 0 AND NEW.gone = 0)
    OR ((OLD.state IN ('proposed', 'opinion', 'disputed') OR OLD.suspect = 1) AND OLD.gone = 0) <> ((NEW.state IN ('proposed', 'opinion', 'disputed') OR NEW.suspect = 1) AND NEW.gone = 0)
BEGIN INSERT OR IGNORE INTO effects_due SELECT clause FROM match_clauses WHERE match = NEW.id; END;
