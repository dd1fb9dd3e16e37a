-- What columns of tables hold, by whose tables they are and their headers, as a
-- person said it last.
CREATE TABLE table_columns (
    publisher TEXT NOT NULL,
    header    TEXT NOT NULL, -- fingerprint of the headers
    columns   TEXT NOT NULL, -- JSON of corpus.Columns
    actor     TEXT NOT NULL,
    at        TEXT NOT NULL,
    PRIMARY KEY (publisher, header)
) STRICT;

-- Clauses of imports that somebody has looked at, bound to their wording.
CREATE TABLE staged_looked (
    import TEXT NOT NULL REFERENCES staged (id),
    clause TEXT NOT NULL, -- key within the standard
    digest TEXT NOT NULL, -- of the wording that was seen
    actor  TEXT NOT NULL,
    at     TEXT NOT NULL,
    PRIMARY KEY (import, clause)
) STRICT;

-- What audit rows changed, before and after, for people to read. The chain holds
-- fingerprints alone and does not depend on it. Answers on matches and positions
-- are never here: who may see those is asked when they are shown.
CREATE TABLE audit_told (
    seq    INTEGER PRIMARY KEY REFERENCES audit (seq),
    before TEXT NOT NULL, -- JSON, '' for nothing before
    after  TEXT NOT NULL  -- JSON, '' for nothing after
) STRICT;
