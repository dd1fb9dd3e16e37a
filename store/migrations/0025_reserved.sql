-- Holds the number of a migration that is merged apart from this one: delete this file
-- where another 0025 stands.
SELECT 1;
