-- Matches that people passed over in their queues: theirs alone, no decision.
CREATE TABLE skips (
    person  TEXT NOT NULL REFERENCES people (id),
    match   TEXT NOT NULL REFERENCES matches (id) ON DELETE CASCADE,
    reason  TEXT NOT NULL CHECK (reason IN ('later', 'field', 'unreadable', 'colleague')),
    created TEXT NOT NULL,
    until   TEXT NOT NULL, -- '' for good
    PRIMARY KEY (person, match)
) STRICT, WITHOUT ROWID;
CREATE INDEX skips_match ON skips (match);
