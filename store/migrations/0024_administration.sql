-- A second factor of somebody else goes when two administrators want it: what one
-- asked for waits here for another.
CREATE TABLE second_resets (
    person   TEXT PRIMARY KEY REFERENCES people (id),
    asked_by TEXT NOT NULL REFERENCES people (id) CHECK (asked_by <> person),
    asked    TEXT NOT NULL
) STRICT;

-- Keys may be bound to networks and have a rate of their own; of the secret the last
-- four characters are kept, so that people tell their keys apart ('' for older ones).
ALTER TABLE keys ADD COLUMN networks TEXT NOT NULL DEFAULT '[]'; -- JSON list of CIDR prefixes, empty for any
ALTER TABLE keys ADD COLUMN rate INTEGER NOT NULL DEFAULT 0 CHECK (rate >= 0); -- requests a minute, 0 for the usual
ALTER TABLE keys ADD COLUMN tail TEXT NOT NULL DEFAULT '';

-- Backups that the program wrote, and what a trial restore of each found.
CREATE TABLE backups (
    file     TEXT PRIMARY KEY, -- its name in the folder of backups
    at       TEXT NOT NULL,
    bytes    INTEGER NOT NULL,
    rows     INTEGER NOT NULL, -- audit rows it holds
    tested   TEXT NOT NULL DEFAULT '', -- '' before a trial restore
    problems INTEGER NOT NULL DEFAULT 0 -- that it found
) STRICT;

-- What administrators set for everybody.
CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
