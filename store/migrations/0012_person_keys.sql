-- Keys of the workbench that a person changed, by act; '' is an act turned off.
-- What has no row has the keys as they are shipped.
CREATE TABLE person_keys (
    person TEXT NOT NULL REFERENCES people (id),
    act    TEXT NOT NULL,
    code   TEXT NOT NULL, -- KeyboardEvent.code
    PRIMARY KEY (person, act)
) STRICT;
