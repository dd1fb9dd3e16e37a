-- What the file of a staged import says, laid out in sheets of lines for people to
-- compare it with what was read. It goes when the import is accepted or discarded.
CREATE TABLE staged_sources (
    import TEXT NOT NULL REFERENCES staged (id),
    first  INTEGER NOT NULL, -- line of the source, from 1
    body   TEXT NOT NULL,    -- JSON list of corpus.SourceLine
    PRIMARY KEY (import, first)
) STRICT;
