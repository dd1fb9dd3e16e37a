-- Reservations that a party has not declared. They are kept apart from those that
-- are, all of which are declared, so that what reads those never reads a draft; no
-- trigger tells the feed or the news of one. Every change is another version; the
-- last one counts.
CREATE TABLE reservation_drafts (
  id      TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  dossier TEXT NOT NULL REFERENCES dossiers (id),
  match   TEXT NOT NULL, -- '' for the whole; a proposal that ends does not end the draft
  party   TEXT NOT NULL,
  text    TEXT NOT NULL,
  state   TEXT NOT NULL CHECK (state IN ('kept', 'dropped', 'declared')),
  person  TEXT NOT NULL REFERENCES people (id),
  at      TEXT NOT NULL,
  salt    TEXT NOT NULL, -- so that the audit's digest cannot be guessed from likely words
  PRIMARY KEY (id, version)
) STRICT;
CREATE INDEX reservation_drafts_dossier ON reservation_drafts (dossier, party);
CREATE INDEX reservation_drafts_match ON reservation_drafts (match, party) WHERE match <> '';

CREATE TRIGGER reservation_drafts_stay BEFORE DELETE ON reservation_drafts
BEGIN SELECT RAISE(ABORT, 'drafts are written anew, never deleted'); END;
CREATE TRIGGER reservation_drafts_stand BEFORE UPDATE ON reservation_drafts
BEGIN SELECT RAISE(ABORT, 'drafts are written anew, never changed'); END;
CREATE TRIGGER reservation_drafts_end BEFORE INSERT ON reservation_drafts
WHEN EXISTS (SELECT 1 FROM reservation_drafts x WHERE x.id = NEW.id AND x.state <> 'kept')
BEGIN SELECT RAISE(ABORT, 'a draft that was dropped or declared is no more changed'); END;
