-- Translations learned from pairs of clauses. A table is one version of what was
-- learned of two languages, which stand in the order of letters; it is never
-- changed. What people say of an entry is kept by its words, so that it holds for
-- every later version, too.

CREATE TABLE translation_tables (
  source   TEXT NOT NULL,
  target   TEXT NOT NULL,
  number   INTEGER NOT NULL CHECK (number >= 1),
  made     TEXT NOT NULL,
  maker    TEXT NOT NULL,
  pairs    INTEGER NOT NULL, -- clause pairs learned from
  entries  INTEGER NOT NULL,
  origin   TEXT NOT NULL, -- JSON: what it was learned from
  clauses  TEXT NOT NULL, -- JSON: the pairs of clauses that entries give as examples
  checksum TEXT NOT NULL, -- of body
  body     TEXT NOT NULL, -- a table as corpus/translation writes it
  PRIMARY KEY (source, target, number),
  CHECK (source < target)
) STRICT;

-- Which version counts; number 0 is none.
CREATE TABLE translation_use (
  source TEXT NOT NULL,
  target TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number >= 0),
  PRIMARY KEY (source, target)
) STRICT;

CREATE TABLE translation_answers (
  source    TEXT NOT NULL,
  target    TEXT NOT NULL,
  word      TEXT NOT NULL, -- forms of the source language
  rendering TEXT NOT NULL, -- forms of the target language
  status    TEXT NOT NULL CHECK (status IN ('proposed', 'accepted', 'rejected')),
  person    TEXT NOT NULL REFERENCES people (id),
  at        TEXT NOT NULL,
  PRIMARY KEY (source, target, word, rendering)
) STRICT;

CREATE TRIGGER translation_tables_stand BEFORE UPDATE ON translation_tables
BEGIN SELECT RAISE(ABORT, 'a learned table is never changed'); END;
CREATE TRIGGER translation_tables_stay BEFORE DELETE ON translation_tables
BEGIN SELECT RAISE(ABORT, 'a learned table is never deleted'); END;
