-- Standards that are amendments, corrigenda or national annexes of others, so that
-- saving a text looks at these few and not at all that is kept.
CREATE TABLE overlays (
  standard TEXT PRIMARY KEY REFERENCES standards (id)
) STRICT;

-- What overlays do to clauses of their bases, as far as decisions must know of it: a
-- copy of what corpus.Amendments works out of the texts and the corrections, which
-- `concord check` compares. meta has the name of the reading it was made by.
CREATE TABLE amended (
  standard  TEXT NOT NULL REFERENCES standards (id), -- the base
  clause    TEXT NOT NULL REFERENCES clauses (id),   -- of the base
  position  INTEGER NOT NULL,                        -- in the order they apply
  by_clause TEXT NOT NULL REFERENCES clauses (id),   -- of the overlay
  act       TEXT NOT NULL CHECK (act IN ('replaced', 'deleted', 'reworded')),
  digest    TEXT NOT NULL,
  PRIMARY KEY (clause, position)
) STRICT;
CREATE INDEX amended_standard ON amended (standard);

-- What people say that a clause of an overlay does, instead of what was read. One
-- is bound to the digest of the clause's wording: another text is read anew.
CREATE TABLE effect_corrections (
  id        TEXT PRIMARY KEY,
  standard  TEXT NOT NULL REFERENCES standards (id), -- the overlay
  clause    TEXT NOT NULL REFERENCES clauses (id),   -- of the overlay
  digest    TEXT NOT NULL,
  read_act  TEXT NOT NULL, -- '' where nothing was read
  read_no   TEXT NOT NULL,
  said_act  TEXT NOT NULL CHECK (said_act IN ('replaced', 'added', 'deleted', 'reworded', 'choice', 'none')),
  said_no   TEXT NOT NULL,
  person    TEXT NOT NULL, -- an id, or the name of a program
  at        TEXT NOT NULL,
  withdrawn TEXT NOT NULL, -- '' while it stands
  undone_by TEXT NOT NULL
) STRICT;
CREATE INDEX effect_corrections_standard ON effect_corrections (standard, id);
CREATE UNIQUE INDEX effect_corrections_once ON effect_corrections (clause, read_act, read_no) WHERE withdrawn = '' AND read_act <> '';

-- A correction is made once and taken back once; nothing else of it ever changes.
CREATE TRIGGER effect_corrections_stay BEFORE DELETE ON effect_corrections
BEGIN SELECT RAISE(ABORT, 'corrections are taken back, never deleted'); END;
CREATE TRIGGER effect_corrections_stand BEFORE UPDATE ON effect_corrections
WHEN OLD.withdrawn <> '' OR NEW.withdrawn = ''
 OR (NEW.id, NEW.standard, NEW.clause, NEW.digest, NEW.read_act, NEW.read_no, NEW.said_act, NEW.said_no, NEW.person, NEW.at)
 <> (OLD.id, OLD.standard, OLD.clause, OLD.digest, OLD.read_act, OLD.read_no, OLD.said_act, OLD.said_no, OLD.person, OLD.at)
BEGIN SELECT RAISE(ABORT, 'a correction is only taken back'); END;

-- The file of a staged import as it was sent, in pieces, and pictures of its pages as
-- people asked for them. They go when the import is accepted or discarded. One file
-- may hold several documents: it is kept once.
CREATE TABLE staged_files (
  digest TEXT NOT NULL, -- of staged
  piece  INTEGER NOT NULL,
  body   BLOB NOT NULL,
  PRIMARY KEY (digest, piece)
) STRICT;
CREATE TABLE staged_pages (
  digest TEXT NOT NULL,
  page   INTEGER NOT NULL, -- from 1
  body   BLOB NOT NULL,    -- PNG
  at     TEXT NOT NULL,
  PRIMARY KEY (digest, page)
) STRICT;
