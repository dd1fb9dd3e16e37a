-- Vectors of wordings that a model outside of the program made. A cache: what is
-- missing is asked for again, and nothing else refers to it.

CREATE TABLE embeddings (
  model  TEXT NOT NULL,
  digest TEXT NOT NULL, -- of the wording, as in clauses
  vector BLOB NOT NULL, -- dimensions in four bytes, then a byte for each
  PRIMARY KEY (model, digest)
) STRICT, WITHOUT ROWID;

-- Finds the wordings that have no vector yet.
CREATE INDEX clauses_wording ON clauses (digest) WHERE removed = 0 AND normative = 1;
