-- Everything Concord keeps. Times are UTC, RFC 3339 with microseconds, so that
-- they sort as text; ids of ours are UUIDs of version 7 as text; lists and small
-- records that are never searched by are JSON.

CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- Standards and their clauses ------------------------------------------------

CREATE TABLE standards (
  id           TEXT PRIMARY KEY,
  designation  TEXT NOT NULL,
  jurisdiction TEXT NOT NULL,
  language     TEXT NOT NULL,
  domain       TEXT NOT NULL,
  issuer       TEXT NOT NULL,
  status       TEXT NOT NULL,
  body         TEXT NOT NULL, -- the whole description as JSON
  clauses      INTEGER NOT NULL,
  normative    INTEGER NOT NULL,
  saved        TEXT NOT NULL
) STRICT;
CREATE INDEX standards_order ON standards (jurisdiction, designation, id);

-- A clause that left its standard stays, marked removed: decisions refer to it.
-- mark grows with every change that an index must hear of.
CREATE TABLE clauses (
  id           TEXT PRIMARY KEY,
  standard     TEXT NOT NULL REFERENCES standards (id),
  parent       TEXT NOT NULL,
  position     INTEGER NOT NULL,
  label        TEXT NOT NULL,
  number       TEXT NOT NULL,
  kind         TEXT NOT NULL,
  normative    INTEGER NOT NULL CHECK (normative IN (0, 1)),
  heading      TEXT NOT NULL,
  text         TEXT NOT NULL,
  language     TEXT NOT NULL,
  path         TEXT NOT NULL, -- JSON list
  illustrative INTEGER NOT NULL CHECK (illustrative IN (0, 1)),
  digest       TEXT NOT NULL,
  mark         INTEGER NOT NULL UNIQUE,
  removed      INTEGER NOT NULL CHECK (removed IN (0, 1))
) STRICT;
CREATE INDEX clauses_reading ON clauses (standard, removed, position);

-- Wordings that were replaced, so that a review can show what was decided on.
CREATE TABLE clause_texts (
  clause  TEXT NOT NULL REFERENCES clauses (id),
  digest  TEXT NOT NULL,
  body    TEXT NOT NULL, -- the clause as it was, JSON
  ended   TEXT NOT NULL,
  PRIMARY KEY (clause, digest)
) STRICT;

-- People, sessions, links, keys ----------------------------------------------

CREATE TABLE people (
  id        TEXT PRIMARY KEY,
  login     TEXT NOT NULL,
  login_key TEXT NOT NULL UNIQUE, -- lower case
  name      TEXT NOT NULL,
  role      TEXT NOT NULL CHECK (role IN ('reader', 'reviewer', 'adjudicator', 'admin')),
  party     TEXT NOT NULL,
  languages TEXT NOT NULL, -- JSON list
  disabled  INTEGER NOT NULL CHECK (disabled IN (0, 1)),
  password  TEXT NOT NULL, -- hash, '' before the first one is set
  created   TEXT NOT NULL
) STRICT;

CREATE TABLE sessions (
  hash      TEXT PRIMARY KEY,
  person    TEXT NOT NULL REFERENCES people (id),
  created   TEXT NOT NULL,
  last_seen TEXT NOT NULL,
  expires   TEXT NOT NULL,
  agent     TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_person ON sessions (person, last_seen);

CREATE TABLE invites (
  hash    TEXT PRIMARY KEY,
  person  TEXT NOT NULL REFERENCES people (id),
  expires TEXT NOT NULL,
  used    TEXT NOT NULL -- '' while it works
) STRICT;
CREATE INDEX invites_person ON invites (person);

CREATE TABLE keys (
  id        TEXT PRIMARY KEY,
  name      TEXT NOT NULL,
  hash      TEXT NOT NULL,
  scopes    TEXT NOT NULL, -- JSON list
  created   TEXT NOT NULL,
  expires   TEXT NOT NULL,
  last_used TEXT NOT NULL,
  ended     TEXT NOT NULL,
  made_by   TEXT NOT NULL
) STRICT;

-- Dossiers -------------------------------------------------------------------

CREATE TABLE dossiers (
  id      TEXT PRIMARY KEY,
  name    TEXT NOT NULL,
  domain  TEXT NOT NULL,
  policy  TEXT NOT NULL CHECK (policy IN ('one-reviewer', 'two-reviewers', 'both-parties')),
  created TEXT NOT NULL,
  closed  INTEGER NOT NULL CHECK (closed IN (0, 1))
) STRICT;

CREATE TABLE dossier_standards (
  dossier  TEXT NOT NULL REFERENCES dossiers (id),
  side     INTEGER NOT NULL,
  party    TEXT NOT NULL,
  position INTEGER NOT NULL,
  standard TEXT NOT NULL REFERENCES standards (id),
  PRIMARY KEY (dossier, standard)
) STRICT;

-- Matches --------------------------------------------------------------------

-- state, suspect, verdict, a_to_b and b_to_a are copies of what review.Derive
-- makes of the decisions, kept to filter by; gone says that one of the clauses
-- is not in its standard any more.
CREATE TABLE matches (
  id              TEXT PRIMARY KEY,
  dossier         TEXT NOT NULL REFERENCES dossiers (id),
  pair            TEXT NOT NULL, -- fingerprint of both sets of clauses
  source_standard TEXT NOT NULL REFERENCES standards (id),
  position        INTEGER NOT NULL, -- of the first source in its standard
  against         TEXT NOT NULL REFERENCES standards (id),
  version         INTEGER NOT NULL CHECK (version >= 1),
  state           TEXT NOT NULL CHECK (state IN ('proposed', 'opinion', 'confirmed', 'rejected', 'no-counterpart', 'disputed')),
  suspect         INTEGER NOT NULL CHECK (suspect IN (0, 1)),
  gone            INTEGER NOT NULL CHECK (gone IN (0, 1)),
  verdict         TEXT NOT NULL,
  a_to_b          TEXT NOT NULL,
  b_to_a          TEXT NOT NULL,
  confidence      REAL NOT NULL,
  uncertainty     REAL NOT NULL, -- distance of the confidence from one half
  proposed        INTEGER NOT NULL, -- version that brought the proposal, 0 for none
  updated         TEXT NOT NULL,
  UNIQUE (dossier, pair)
) STRICT;
CREATE INDEX matches_chapter ON matches (dossier, source_standard, position, id);
CREATE INDEX matches_confidence ON matches (dossier, confidence DESC, id);
CREATE INDEX matches_uncertainty ON matches (dossier, uncertainty, id);
CREATE INDEX matches_recent ON matches (dossier, updated DESC, id);
CREATE INDEX matches_state ON matches (state, suspect, gone, dossier, id);
CREATE INDEX matches_source_standard ON matches (source_standard, position, id);
CREATE INDEX matches_against ON matches (against);

CREATE TABLE match_clauses (
  match    TEXT NOT NULL REFERENCES matches (id),
  side     TEXT NOT NULL CHECK (side IN ('a', 'b')),
  position INTEGER NOT NULL,
  clause   TEXT NOT NULL REFERENCES clauses (id),
  PRIMARY KEY (match, side, position)
) STRICT;
CREATE INDEX match_clauses_clause ON match_clauses (clause, match, side);

-- A proposal that was answered on stays when a newer one comes.
CREATE TABLE proposals (
  match   TEXT NOT NULL REFERENCES matches (id),
  version INTEGER NOT NULL,
  model   TEXT NOT NULL,
  digest  TEXT NOT NULL, -- fingerprint of body, to tell a new proposal from the same
  body    TEXT NOT NULL, -- JSON
  PRIMARY KEY (match, version)
) STRICT;

CREATE TABLE decisions (
  seq          INTEGER PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  match        TEXT NOT NULL REFERENCES matches (id),
  version      INTEGER NOT NULL, -- of the match that this decision made
  kind         TEXT NOT NULL CHECK (kind IN ('opinion', 'adjudication', 'withdrawal')),
  person       TEXT NOT NULL REFERENCES people (id),
  party        TEXT NOT NULL,
  verdict      TEXT NOT NULL CHECK (verdict IN ('', 'identical', 'equivalent', 'superset', 'subset', 'overlap', 'none', 'no-counterpart', 'unsure')),
  a_to_b       TEXT NOT NULL, -- JSON
  b_to_a       TEXT NOT NULL, -- JSON
  reasons      TEXT NOT NULL, -- JSON list
  note         TEXT NOT NULL,
  search       TEXT NOT NULL,
  withdraws    TEXT REFERENCES decisions (id),
  seen         TEXT NOT NULL, -- JSON list
  model        TEXT NOT NULL,
  at           TEXT NOT NULL,
  idempotency  TEXT NOT NULL,
  UNIQUE (match, version),
  CHECK ((kind = 'withdrawal') = (withdraws IS NOT NULL)),
  CHECK ((kind = 'withdrawal') = (verdict = ''))
) STRICT;
CREATE INDEX decisions_person ON decisions (person, seq);
CREATE UNIQUE INDEX decisions_withdraws ON decisions (withdraws) WHERE withdraws IS NOT NULL;
CREATE UNIQUE INDEX decisions_idempotency ON decisions (person, idempotency) WHERE idempotency <> '';

-- Who has a standing opinion on the present texts: a copy derived from the
-- decisions, to find what awaits whom.
CREATE TABLE match_opinions (
  match  TEXT NOT NULL REFERENCES matches (id),
  person TEXT NOT NULL REFERENCES people (id),
  party  TEXT NOT NULL,
  PRIMARY KEY (match, person)
) STRICT;

CREATE INDEX match_opinions_person ON match_opinions (person, match);

CREATE TABLE audit (
  seq     INTEGER PRIMARY KEY,
  at      TEXT NOT NULL,
  actor   TEXT NOT NULL,
  action  TEXT NOT NULL,
  object  TEXT NOT NULL,
  version INTEGER NOT NULL,
  payload TEXT NOT NULL,
  prev    TEXT NOT NULL,
  hash    TEXT NOT NULL
) STRICT;
CREATE INDEX audit_object ON audit (object, version);

-- The last link of the chain, so that a cut tail shows.
CREATE TABLE audit_head (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  seq  INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;
INSERT INTO audit_head (one, seq, hash) VALUES (1, 0, '');

-- What was decided and what was done stands, also against SQL by hand ---------

CREATE TRIGGER decisions_stand BEFORE UPDATE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions are only added'); END;
CREATE TRIGGER decisions_stay BEFORE DELETE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions are only added'); END;
CREATE TRIGGER audit_stands BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit rows are only added'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit rows are only added'); END;
CREATE TRIGGER audit_in_order BEFORE INSERT ON audit
WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM audit)
BEGIN SELECT RAISE(ABORT, 'audit rows follow each other without a gap'); END;

CREATE TRIGGER clauses_stay BEFORE DELETE ON clauses
BEGIN SELECT RAISE(ABORT, 'clauses are marked removed, never deleted'); END;

CREATE TRIGGER matches_grow BEFORE UPDATE OF version ON matches WHEN NEW.version < OLD.version
BEGIN SELECT RAISE(ABORT, 'the version of a match only grows'); END;

-- Nobody is a second to himself: an agreed match needs two people (of two
-- parties, where the policy says so) or an adjudicator who gave no opinion.
CREATE TRIGGER matches_four_eyes BEFORE UPDATE OF state ON matches
WHEN NEW.state IN ('confirmed', 'rejected', 'no-counterpart') AND NEW.state <> OLD.state
 AND (SELECT policy FROM dossiers WHERE id = NEW.dossier) <> 'one-reviewer'
 AND NOT EXISTS (SELECT 1 FROM decisions WHERE match = NEW.id AND kind = 'adjudication')
 AND (SELECT CASE (SELECT policy FROM dossiers WHERE id = NEW.dossier)
               WHEN 'both-parties' THEN COUNT(DISTINCT party) ELSE COUNT(DISTINCT person) END
        FROM decisions WHERE match = NEW.id AND kind = 'opinion') < 2
BEGIN SELECT RAISE(ABORT, 'nobody gives the second opinion on his own first one'); END;

CREATE TRIGGER matches_born_open BEFORE INSERT ON matches WHEN NEW.state <> 'proposed'
BEGIN SELECT RAISE(ABORT, 'a match begins without answers'); END;

CREATE TRIGGER decisions_neutral BEFORE INSERT ON decisions
WHEN NEW.kind = 'adjudication'
 AND EXISTS (SELECT 1 FROM decisions WHERE match = NEW.match AND person = NEW.person AND kind = 'opinion')
BEGIN SELECT RAISE(ABORT, 'an adjudicator gave no opinion on the match'); END;
