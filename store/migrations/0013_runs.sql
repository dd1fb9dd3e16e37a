-- Runs of the matcher: who asked for what, how far it is, and what came of it.
CREATE TABLE runs (
    id        TEXT PRIMARY KEY,
    dossier   TEXT NOT NULL REFERENCES dossiers (id),
    kind      TEXT NOT NULL CHECK (kind IN ('whole', 'new', 'standards', 'parties')),
    actor     TEXT NOT NULL,
    place     TEXT NOT NULL CHECK (place IN ('server', 'cli')),
    state     TEXT NOT NULL CHECK (state IN ('waiting', 'working', 'done', 'stopped', 'failed', 'interrupted')),
    sources   TEXT NOT NULL, -- JSON
    targets   TEXT NOT NULL, -- JSON
    most      INTEGER NOT NULL,
    least     REAL NOT NULL,
    since     INTEGER NOT NULL, -- mark after which clauses count
    mark      INTEGER NOT NULL, -- of the clauses when it was asked for
    step      INTEGER NOT NULL, -- sources that are finished
    clauses   INTEGER NOT NULL,
    done      INTEGER NOT NULL,
    added     INTEGER NOT NULL,
    refreshed INTEGER NOT NULL,
    model     TEXT NOT NULL,
    problem   TEXT NOT NULL,
    created   TEXT NOT NULL,
    started   TEXT NOT NULL,
    ended     TEXT NOT NULL,
    seen      TEXT NOT NULL -- when its process last said that it works
) STRICT;
-- A dossier is matched once at a time.
CREATE UNIQUE INDEX runs_live ON runs (dossier) WHERE state IN ('waiting', 'working');
CREATE INDEX runs_by_dossier ON runs (dossier, created);
CREATE INDEX runs_by_state ON runs (state, created);
