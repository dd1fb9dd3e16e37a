-- Searches that people keep under names of their own.
CREATE TABLE saved_searches (
    id       TEXT PRIMARY KEY,
    person   TEXT NOT NULL REFERENCES people (id),
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL, -- lower case
    query    TEXT NOT NULL,
    created  TEXT NOT NULL,
    UNIQUE (person, name_key)
) STRICT;
