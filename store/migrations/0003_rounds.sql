-- Rounds: what was agreed in a dossier at one time, frozen. The body is the
-- canonical JSON that the checksum is made of; content is the fingerprint of
-- what was agreed alone.

CREATE TABLE rounds (
    dossier  TEXT NOT NULL REFERENCES dossiers (id),
    number   INTEGER NOT NULL,
    name     TEXT NOT NULL,
    content  TEXT NOT NULL,
    checksum TEXT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (dossier, number),
    UNIQUE (dossier, name)
) STRICT;

CREATE TABLE round_signatures (
    dossier TEXT NOT NULL,
    number  INTEGER NOT NULL,
    party   TEXT NOT NULL,
    person  TEXT NOT NULL REFERENCES people (id),
    name    TEXT NOT NULL, -- the person's, when signing
    at      TEXT NOT NULL,
    PRIMARY KEY (dossier, number, party),
    FOREIGN KEY (dossier, number) REFERENCES rounds (dossier, number)
) STRICT;

CREATE TRIGGER rounds_stand BEFORE UPDATE ON rounds
BEGIN SELECT RAISE(ABORT, 'a round is frozen'); END;
CREATE TRIGGER rounds_stay BEFORE DELETE ON rounds
BEGIN SELECT RAISE(ABORT, 'a round is frozen'); END;
CREATE TRIGGER rounds_in_order BEFORE INSERT ON rounds
WHEN NEW.number <> (SELECT COALESCE(MAX(number), 0) + 1 FROM rounds WHERE dossier = NEW.dossier)
BEGIN SELECT RAISE(ABORT, 'rounds are numbered without a gap'); END;
CREATE TRIGGER round_signatures_stand BEFORE UPDATE ON round_signatures
BEGIN SELECT RAISE(ABORT, 'a signature stands'); END;
CREATE TRIGGER round_signatures_stay BEFORE DELETE ON round_signatures
BEGIN SELECT RAISE(ABORT, 'a signature stands'); END;
