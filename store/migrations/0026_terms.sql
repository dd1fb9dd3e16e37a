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
