-- Answers of auditors on random samples of agreed matches. They change nothing
-- about the matches and are only added.
CREATE TABLE sample_answers (
  id         TEXT PRIMARY KEY,
  dossier    TEXT NOT NULL REFERENCES dossiers (id),
  match      TEXT NOT NULL REFERENCES matches (id),
  seed       INTEGER NOT NULL,
  population INTEGER NOT NULL,
  person     TEXT NOT NULL REFERENCES people (id),
  verdict    TEXT NOT NULL,
  a_to_b     TEXT NOT NULL,
  b_to_a     TEXT NOT NULL,
  note       TEXT NOT NULL,
  agreed     TEXT NOT NULL, -- verdict of the match's outcome at that time
  right      INTEGER NOT NULL,
  related    INTEGER NOT NULL,
  at         TEXT NOT NULL,
  UNIQUE (dossier, seed, match)
) STRICT;

CREATE TRIGGER sample_answers_stand BEFORE UPDATE ON sample_answers
BEGIN SELECT RAISE(ABORT, 'answers of audits are only added'); END;
CREATE TRIGGER sample_answers_stay BEFORE DELETE ON sample_answers
BEGIN SELECT RAISE(ABORT, 'answers of audits are only added'); END;
