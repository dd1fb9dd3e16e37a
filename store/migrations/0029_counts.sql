-- How many matches of a dossier stand where, kept so that what is left of a queue and
-- what is done of it are not counted row by row at every answer.
CREATE TABLE match_counts (
    dossier TEXT NOT NULL,
    state   TEXT NOT NULL,
    suspect INTEGER NOT NULL,
    gone    INTEGER NOT NULL,
    n       INTEGER NOT NULL CHECK (n >= 0),
    PRIMARY KEY (dossier, state, suspect, gone)
) STRICT, WITHOUT ROWID;
INSERT INTO match_counts SELECT dossier, state, suspect, gone, COUNT(*) FROM matches GROUP BY dossier, state, suspect, gone;
CREATE TRIGGER counts_new AFTER INSERT ON matches
BEGIN
    INSERT OR IGNORE INTO match_counts VALUES (NEW.dossier, NEW.state, NEW.suspect, NEW.gone, 0);
    UPDATE match_counts SET n = n + 1 WHERE dossier = NEW.dossier AND state = NEW.state AND suspect = NEW.suspect AND gone = NEW.gone;
END;
CREATE TRIGGER counts_gone AFTER DELETE ON matches
BEGIN UPDATE match_counts SET n = n - 1 WHERE dossier = OLD.dossier AND state = OLD.state AND suspect = OLD.suspect AND gone = OLD.gone; END;
CREATE TRIGGER counts_moved AFTER UPDATE OF state, suspect, gone ON matches
WHEN OLD.state <> NEW.state OR OLD.suspect <> NEW.suspect OR OLD.gone <> NEW.gone
BEGIN
    UPDATE match_counts SET n = n - 1 WHERE dossier = OLD.dossier AND state = OLD.state AND suspect = OLD.suspect AND gone = OLD.gone;
    INSERT OR IGNORE INTO match_counts VALUES (NEW.dossier, NEW.state, NEW.suspect, NEW.gone, 0);
    UPDATE match_counts SET n = n + 1 WHERE dossier = NEW.dossier AND state = NEW.state AND suspect = NEW.suspect AND gone = NEW.gone;
END;
