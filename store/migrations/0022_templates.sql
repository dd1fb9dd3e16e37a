-- Templates of documents. Every change is another version; the last one counts, and
-- one that is marked dropped counts for nothing. A letterhead is kept once by its
-- checksum, however many versions have it.
CREATE TABLE template_letterheads (
  checksum TEXT PRIMARY KEY,
  body     BLOB NOT NULL
) STRICT;

CREATE TABLE templates (
  id          TEXT NOT NULL,
  version     INTEGER NOT NULL CHECK (version > 0),
  dossier     TEXT NOT NULL, -- '' for all
  name        TEXT NOT NULL CHECK (name <> ''),
  arrangement TEXT NOT NULL,
  letterhead  TEXT NOT NULL, -- its checksum, '' for none
  file        TEXT NOT NULL,
  dropped     INTEGER NOT NULL CHECK (dropped IN (0, 1)),
  person      TEXT NOT NULL REFERENCES people (id),
  at          TEXT NOT NULL,
  checksum    TEXT NOT NULL,
  PRIMARY KEY (id, version)
) STRICT;
CREATE INDEX templates_dossier ON templates (dossier, id, version);

CREATE TRIGGER templates_stay BEFORE DELETE ON templates
BEGIN SELECT RAISE(ABORT, 'templates are dropped by a version, never deleted'); END;
CREATE TRIGGER templates_stand BEFORE UPDATE ON templates
BEGIN SELECT RAISE(ABORT, 'templates are written anew, never changed'); END;
CREATE TRIGGER template_letterheads_stay BEFORE DELETE ON template_letterheads
BEGIN SELECT RAISE(ABORT, 'letterheads are never deleted'); END;
CREATE TRIGGER template_letterheads_stand BEFORE UPDATE ON template_letterheads
BEGIN SELECT RAISE(ABORT, 'letterheads are never changed'); END;
