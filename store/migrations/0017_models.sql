-- Weights and confidence of the matcher, fitted to settled decisions. A version is
-- never changed; which one counts is a row of its own, number 0 being the shipped
-- model.

CREATE TABLE learned_models (
  number   INTEGER PRIMARY KEY CHECK (number >= 1),
  made     TEXT NOT NULL,
  maker    TEXT NOT NULL,
  dossiers TEXT NOT NULL, -- JSON: what it was fitted to
  fit      TEXT NOT NULL, -- JSON: what it changes, and its figures
  checksum TEXT NOT NULL  -- of dossiers and fit
) STRICT;

CREATE TABLE learned_model_use (
  one    INTEGER PRIMARY KEY CHECK (one = 1),
  number INTEGER NOT NULL CHECK (number >= 0)
) STRICT;

CREATE TRIGGER learned_models_stand BEFORE UPDATE ON learned_models
BEGIN SELECT RAISE(ABORT, 'a fitted model is never changed'); END;
CREATE TRIGGER learned_models_stay BEFORE DELETE ON learned_models
BEGIN SELECT RAISE(ABORT, 'a fitted model is never deleted'); END;
