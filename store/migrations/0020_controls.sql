-- Control items: agreed matches that are given to somebody who had no part in
-- them as if nobody had answered (review.Control). What is answered on one is
-- kept here, apart from the decisions, and changes nothing about its match.
ALTER TABLE dossiers ADD COLUMN controls INTEGER NOT NULL DEFAULT 0 CHECK (controls BETWEEN 0 AND 5); -- percent of a queue, 0 for none
ALTER TABLE dossiers ADD COLUMN controls_from TEXT NOT NULL DEFAULT ''; -- since when that share is asked for

-- How a dossier is reviewed besides: when reasons of the matcher are shown, whether
-- names stay hidden until a dispute is decided, how long both sides may talk first.
ALTER TABLE dossiers ADD COLUMN explain TEXT NOT NULL DEFAULT '' CHECK (explain IN ('', 'beside', 'after', 'never'));
ALTER TABLE dossiers ADD COLUMN nameless INTEGER NOT NULL DEFAULT 0 CHECK (nameless IN (0, 1));
ALTER TABLE dossiers ADD COLUMN talk_days INTEGER NOT NULL DEFAULT 0 CHECK (talk_days BETWEEN 0 AND 60);

-- Which turns are controls hangs on this, so that nobody can work it out.
INSERT INTO meta (name, value) VALUES ('control salt', lower(hex(randomblob(32))));

CREATE TABLE controls (
  id          TEXT PRIMARY KEY,          -- what the person knows it by; begins as the id of its match does
  person      TEXT NOT NULL REFERENCES people (id),
  dossier     TEXT NOT NULL REFERENCES dossiers (id),
  match       TEXT NOT NULL REFERENCES matches (id),
  turn        INTEGER NOT NULL CHECK (turn > 0),
  drawn       TEXT NOT NULL,
  -- its place in each order of a queue
  standard    TEXT NOT NULL,
  position    INTEGER NOT NULL,
  confidence  REAL NOT NULL,
  uncertainty REAL NOT NULL,
  salt        TEXT NOT NULL,             -- so that the audit's digest cannot be guessed
  UNIQUE (person, match)
) STRICT;
CREATE INDEX controls_dossier ON controls (person, dossier, turn);
CREATE INDEX controls_match ON controls (match);

CREATE TRIGGER controls_stand BEFORE UPDATE ON controls
BEGIN SELECT RAISE(ABORT, 'control items are only added'); END;
CREATE TRIGGER controls_stay BEFORE DELETE ON controls
BEGIN SELECT RAISE(ABORT, 'control items are only added'); END;

-- The columns of decisions, whose numbers they share, and whether the answer
-- was right: NULL where nothing was known any more, for unsure and for an undo.
CREATE TABLE control_answers (
  seq          INTEGER PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  match        TEXT NOT NULL REFERENCES controls (id),
  version      INTEGER NOT NULL,
  kind         TEXT NOT NULL CHECK (kind IN ('opinion', 'withdrawal')),
  person       TEXT NOT NULL REFERENCES people (id),
  party        TEXT NOT NULL,
  verdict      TEXT NOT NULL,
  a_to_b       TEXT NOT NULL,
  b_to_a       TEXT NOT NULL,
  reasons      TEXT NOT NULL,
  note         TEXT NOT NULL,
  search       TEXT NOT NULL,
  withdraws    TEXT REFERENCES control_answers (id),
  seen         TEXT NOT NULL,
  model        TEXT NOT NULL,
  at           TEXT NOT NULL,
  idempotency  TEXT NOT NULL,
  agrees       INTEGER CHECK (agrees IN (0, 1)),
  UNIQUE (match, version),
  CHECK ((kind = 'withdrawal') = (withdraws IS NOT NULL)),
  CHECK (kind = 'opinion' OR agrees IS NULL)
) STRICT;
CREATE INDEX control_answers_person ON control_answers (person, seq);
CREATE UNIQUE INDEX control_answers_withdraws ON control_answers (withdraws) WHERE withdraws IS NOT NULL;
CREATE UNIQUE INDEX control_answers_idempotency ON control_answers (person, idempotency) WHERE idempotency <> '';

CREATE TRIGGER control_answers_stand BEFORE UPDATE ON control_answers
BEGIN SELECT RAISE(ABORT, 'answers on control items are only added'); END;
CREATE TRIGGER control_answers_stay BEFORE DELETE ON control_answers
BEGIN SELECT RAISE(ABORT, 'answers on control items are only added'); END;
-- A control is answered by its person alone, and its match is nobody's to change by it.
CREATE TRIGGER control_answers_own BEFORE INSERT ON control_answers
WHEN NEW.person <> (SELECT k.person FROM controls k WHERE k.id = NEW.match)
BEGIN SELECT RAISE(ABORT, 'a control item is answered by its person'); END;
-- One number is never given to a decision and to an answer on a control.
CREATE TRIGGER control_answers_numbered BEFORE INSERT ON control_answers
WHEN EXISTS (SELECT 1 FROM decisions d WHERE d.seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'this number is a decision''s'); END;
CREATE TRIGGER decisions_numbered BEFORE INSERT ON decisions
WHEN EXISTS (SELECT 1 FROM control_answers a WHERE a.seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'this number is taken by an answer on a control item'); END;

-- Skips of control items, beside those of matches.
CREATE TABLE control_skips (
  person  TEXT NOT NULL REFERENCES people (id),
  match   TEXT NOT NULL REFERENCES controls (id),
  reason  TEXT NOT NULL CHECK (reason IN ('later', 'field', 'unreadable', 'colleague')),
  created TEXT NOT NULL,
  until   TEXT NOT NULL,
  PRIMARY KEY (person, match)
) STRICT, WITHOUT ROWID;
