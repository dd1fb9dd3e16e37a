-- What a party privately wants of a match or of a whole dossier. Every change is
-- another version; the last one counts.
CREATE TABLE positions (
  dossier  TEXT NOT NULL REFERENCES dossiers (id),
  match    TEXT NOT NULL,    -- '' for the dossier; a proposal that ends does not end the position
  party    TEXT NOT NULL,
  version  INTEGER NOT NULL CHECK (version > 0),
  want     TEXT NOT NULL,
  fallback TEXT NOT NULL,
  red_line TEXT NOT NULL,
  priority TEXT NOT NULL CHECK (priority IN ('high', 'normal', 'low')),
  settled  INTEGER NOT NULL CHECK (settled IN (0, 1)),
  person   TEXT NOT NULL REFERENCES people (id),
  at       TEXT NOT NULL,
  salt     TEXT NOT NULL,    -- so that the audit's digest cannot be guessed from likely words
  PRIMARY KEY (dossier, party, match, version)
) STRICT;

CREATE TRIGGER positions_stay BEFORE DELETE ON positions
BEGIN SELECT RAISE(ABORT, 'positions are written anew, never deleted'); END;
CREATE TRIGGER positions_stand BEFORE UPDATE ON positions
BEGIN SELECT RAISE(ABORT, 'positions are written anew, never changed'); END;

-- What parties reserve against agreed matches, or against a whole dossier.
CREATE TABLE reservations (
  id        TEXT PRIMARY KEY,
  dossier   TEXT NOT NULL REFERENCES dossiers (id),
  match     TEXT NOT NULL, -- '' for the whole
  party     TEXT NOT NULL,
  text      TEXT NOT NULL CHECK (text <> ''),
  person    TEXT NOT NULL REFERENCES people (id),
  at        TEXT NOT NULL,
  withdrawn TEXT NOT NULL  -- '' while it stands
) STRICT;
CREATE INDEX reservations_dossier ON reservations (dossier, id);

CREATE TRIGGER reservations_stay BEFORE DELETE ON reservations
BEGIN SELECT RAISE(ABORT, 'reservations are withdrawn, never deleted'); END;
CREATE TRIGGER reservations_stand BEFORE UPDATE ON reservations
WHEN OLD.withdrawn <> '' OR NEW.withdrawn = ''
 OR (NEW.id, NEW.dossier, NEW.match, NEW.party, NEW.text, NEW.person, NEW.at) <> (OLD.id, OLD.dossier, OLD.match, OLD.party, OLD.text, OLD.person, OLD.at)
BEGIN SELECT RAISE(ABORT, 'a reservation is only withdrawn'); END;
