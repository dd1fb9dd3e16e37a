-- Places of a text that people say were read wrongly. A mark is bound to the
-- digest of the wording it was made on: another text is not concerned.
CREATE TABLE misreadings (
  id        TEXT PRIMARY KEY,
  kind      TEXT NOT NULL CHECK (kind IN ('not-limit', 'wrong-unit', 'wrong-value', 'other')),
  match     TEXT NOT NULL, -- where it was seen; a proposal that ends does not end the mark
  clause    TEXT NOT NULL REFERENCES clauses (id),
  standard  TEXT NOT NULL,                         -- of the clause, to filter by
  digest    TEXT NOT NULL,
  aspect    TEXT NOT NULL,
  start     INTEGER NOT NULL, -- bytes of the wording
  stop      INTEGER NOT NULL,
  read      TEXT NOT NULL,    -- what the program made of it
  person    TEXT NOT NULL REFERENCES people (id),
  at        TEXT NOT NULL,
  withdrawn TEXT NOT NULL     -- '' while it stands
) STRICT;
CREATE UNIQUE INDEX misreadings_once ON misreadings (match, clause, digest, aspect, start, stop) WHERE withdrawn = '';
CREATE INDEX misreadings_clause ON misreadings (clause) WHERE withdrawn = '';
CREATE INDEX misreadings_standard ON misreadings (standard, id);

-- A mark is made once and taken back once; nothing else of it ever changes.
CREATE TRIGGER misreadings_stay BEFORE DELETE ON misreadings
BEGIN SELECT RAISE(ABORT, 'marks are taken back, never deleted'); END;
CREATE TRIGGER misreadings_stand BEFORE UPDATE ON misreadings
WHEN OLD.withdrawn <> '' OR NEW.withdrawn = ''
 OR (NEW.id, NEW.kind, NEW.match, NEW.clause, NEW.standard, NEW.digest, NEW.aspect, NEW.start, NEW.stop, NEW.read, NEW.person, NEW.at)
 <> (OLD.id, OLD.kind, OLD.match, OLD.clause, OLD.standard, OLD.digest, OLD.aspect, OLD.start, OLD.stop, OLD.read, OLD.person, OLD.at)
BEGIN SELECT RAISE(ABORT, 'a mark is only taken back'); END;
