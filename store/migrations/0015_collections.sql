-- Clauses that people gather under names of their own.
CREATE TABLE collections (
    id       TEXT PRIMARY KEY,
    person   TEXT NOT NULL REFERENCES people (id),
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL, -- lower case
    created  TEXT NOT NULL,
    UNIQUE (person, name_key)
) STRICT;

CREATE TABLE collection_clauses (
    collection TEXT NOT NULL REFERENCES collections (id),
    position   INTEGER NOT NULL,
    clause     TEXT NOT NULL REFERENCES clauses (id),
    PRIMARY KEY (collection, clause)
) STRICT;
