-- What changes of the termbase did to texts that answered matches rest on: one row a
-- clause and change, only added. state names the reading for decisions: '' while it
-- is the one that the first change found, so that decisions that were made before
-- there was any need nothing. It follows from the rows before, which `concord check`
-- compares.
CREATE TABLE term_shifts (
  clause  TEXT NOT NULL REFERENCES clauses (id),
  change  INTEGER NOT NULL REFERENCES term_versions (seq), -- the last one of the change
  known   INTEGER NOT NULL, -- revision of the termbase before the change
  digest  TEXT NOT NULL,    -- of the text
  before  TEXT NOT NULL,    -- of what the users' terms made of it
  after   TEXT NOT NULL,
  state   TEXT NOT NULL,
  entries TEXT NOT NULL,    -- JSON: ids of the entries that changed and that the text names
  PRIMARY KEY (clause, change)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER term_shifts_stand BEFORE UPDATE ON term_shifts
BEGIN SELECT RAISE(ABORT, 'what terms did to texts is only added to'); END;
CREATE TRIGGER term_shifts_stay BEFORE DELETE ON term_shifts
BEGIN SELECT RAISE(ABORT, 'what terms did to texts is only added to'); END;

-- Pairs of forms that may be names of one thing, as they were found in texts. A pair
-- of forms is kept once, whatever it is found in.
CREATE TABLE term_candidates (
  id            INTEGER PRIMARY KEY, -- the order of the queue
  source        TEXT NOT NULL,       -- languages, in the order of letters
  target        TEXT NOT NULL,
  word          TEXT NOT NULL,       -- as printed
  rendering     TEXT NOT NULL,
  word_key      TEXT NOT NULL,       -- as compared (termbase.Fold)
  rendering_key TEXT NOT NULL,
  origin        TEXT NOT NULL CHECK (origin IN ('definition', 'editions', 'learned')),
  source_clause TEXT NOT NULL, -- '' where none is known
  target_clause TEXT NOT NULL,
  found         TEXT NOT NULL,
  CHECK (source < target),
  UNIQUE (source, target, word_key, rendering_key)
) STRICT;

-- What people said of them, by the forms, so that it holds for whatever is found later.
CREATE TABLE term_candidate_answers (
  id            TEXT PRIMARY KEY,
  source        TEXT NOT NULL,
  target        TEXT NOT NULL,
  word_key      TEXT NOT NULL,
  rendering_key TEXT NOT NULL,
  word          TEXT NOT NULL,
  rendering     TEXT NOT NULL,
  answer        TEXT NOT NULL CHECK (answer IN ('preferred', 'admitted', 'none')),
  entry         TEXT NOT NULL,    -- '' where nothing was written
  version       INTEGER NOT NULL, -- of the entry that it made
  person        TEXT NOT NULL REFERENCES people (id),
  at            TEXT NOT NULL,
  undone        TEXT NOT NULL -- '' while it stands
) STRICT;
CREATE UNIQUE INDEX term_candidate_answers_once ON term_candidate_answers (source, target, word_key, rendering_key) WHERE undone = '';
CREATE INDEX term_candidate_answers_person ON term_candidate_answers (person, at);
CREATE TRIGGER term_candidate_answers_stay BEFORE DELETE ON term_candidate_answers
BEGIN SELECT RAISE(ABORT, 'answers on candidates are undone, never deleted'); END;
CREATE TRIGGER term_candidate_answers_stand BEFORE UPDATE ON term_candidate_answers
WHEN OLD.undone <> '' OR NEW.undone = ''
 OR (NEW.id, NEW.source, NEW.target, NEW.word_key, NEW.rendering_key, NEW.word, NEW.rendering, NEW.answer, NEW.entry, NEW.version, NEW.person, NEW.at)
 <> (OLD.id, OLD.source, OLD.target, OLD.word_key, OLD.rendering_key, OLD.word, OLD.rendering, OLD.answer, OLD.entry, OLD.version, OLD.person, OLD.at)
BEGIN SELECT RAISE(ABORT, 'an answer on a candidate is only undone'); END;

-- Who confirmed that a term is preferred, where two people must say so. It holds for
-- the version of the entry since which the term is preferred.
CREATE TABLE term_confirmations (
  entry    TEXT NOT NULL REFERENCES terms (id),
  since    INTEGER NOT NULL, -- version of the entry
  language TEXT NOT NULL,
  term     TEXT NOT NULL,
  person   TEXT NOT NULL REFERENCES people (id),
  at       TEXT NOT NULL,
  PRIMARY KEY (entry, since, language, term)
) STRICT;
CREATE TRIGGER term_confirmations_stand BEFORE UPDATE ON term_confirmations
BEGIN SELECT RAISE(ABORT, 'confirmations of terms are only added'); END;
CREATE TRIGGER term_confirmations_stay BEFORE DELETE ON term_confirmations
BEGIN SELECT RAISE(ABORT, 'confirmations of terms are only added'); END;
