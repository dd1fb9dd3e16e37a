-- Two roles more. SQLite cannot change a CHECK, so the table is made anew: while
-- it is gone, what refers to it is checked at the end of the transaction.
PRAGMA defer_foreign_keys = ON;

CREATE TABLE people_before AS SELECT * FROM people;
DROP TABLE people;
CREATE TABLE people (
    id        TEXT PRIMARY KEY,
    login     TEXT NOT NULL,
    login_key TEXT NOT NULL UNIQUE, -- lower case
    name      TEXT NOT NULL,
    role      TEXT NOT NULL CHECK (role IN ('reader', 'reviewer', 'adjudicator', 'negotiator', 'importer', 'admin')),
    party     TEXT NOT NULL,
    languages TEXT NOT NULL, -- JSON list
    disabled  INTEGER NOT NULL CHECK (disabled IN (0, 1)),
    password  TEXT NOT NULL, -- hash, '' before the first one is set
    created   TEXT NOT NULL
) STRICT;
INSERT INTO people (id, login, login_key, name, role, party, languages, disabled, password, created)
    SELECT id, login, login_key, name, role, party, languages, disabled, password, created FROM people_before;
DROP TABLE people_before;

-- One-time codes by time. The last step that was used is kept, so that no code
-- works twice; the recovery codes are kept as hashes and go when they are used.
CREATE TABLE second_factors (
    person    TEXT PRIMARY KEY REFERENCES people (id),
    secret    TEXT NOT NULL, -- base32
    confirmed TEXT NOT NULL, -- '' until the first code came
    last_step INTEGER NOT NULL
) STRICT;

CREATE TABLE recovery_codes (
    hash   TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id)
) STRICT;
CREATE INDEX recovery_codes_person ON recovery_codes (person);

-- What a person is told at the next sign-in.
CREATE TABLE notices (
    person TEXT NOT NULL REFERENCES people (id),
    kind   TEXT NOT NULL CHECK (kind IN ('second-reset')),
    PRIMARY KEY (person, kind)
) STRICT;

-- Who signs in elsewhere. An administrator gives the e-mail address; the subject,
-- which the provider never gives to anybody else, is kept at the first sign-in and
-- counts from then on.
CREATE TABLE identities (
    person  TEXT PRIMARY KEY REFERENCES people (id),
    email   TEXT NOT NULL UNIQUE, -- lower case
    subject TEXT NOT NULL         -- issuer, blank, subject; '' before the first sign-in
) STRICT;
CREATE UNIQUE INDEX identities_subject ON identities (subject) WHERE subject <> '';
