-- Pairs with word for word the same two texts are answered together: the clauses
-- of a wording must be found without reading them all.
CREATE INDEX clauses_digest ON clauses (digest);
