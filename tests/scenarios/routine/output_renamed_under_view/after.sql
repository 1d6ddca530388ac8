CREATE FUNCTION turned(INOUT x integer, INOUT y integer) LANGUAGE sql AS $$ SELECT y, x $$;
CREATE VIEW pairs AS SELECT * FROM turned(1, 2);
CREATE VIEW sums AS SELECT pairs.*, 3 AS total FROM pairs;
