-- A reservation changes how its match, or its dossier, is told to programs: the feed
-- says so, as of every other change.
CREATE INDEX reservations_match ON reservations (match) WHERE match <> '';

CREATE TRIGGER feed_reservation_new AFTER INSERT ON reservations
BEGIN INSERT INTO feed (kind, object) SELECT CASE NEW.match WHEN '' THEN 'dossier' ELSE 'match' END, CASE NEW.match WHEN '' THEN NEW.dossier ELSE NEW.match END; END;
CREATE TRIGGER feed_reservation AFTER UPDATE ON reservations
BEGIN INSERT INTO feed (kind, object) SELECT CASE NEW.match WHEN '' THEN 'dossier' ELSE 'match' END, CASE NEW.match WHEN '' THEN NEW.dossier ELSE NEW.match END; END;

-- What was declared before is told now.
INSERT INTO feed (kind, object) SELECT DISTINCT CASE match WHEN '' THEN 'dossier' ELSE 'match' END, CASE match WHEN '' THEN dossier ELSE match END FROM reservations;

-- Whether any standard changed is asked by every answer that names parallel editions;
-- the clause of the same number is looked up in each.
CREATE INDEX feed_standards ON feed (seq) WHERE kind = 'standard';
CREATE INDEX clauses_number ON clauses (standard, number);
