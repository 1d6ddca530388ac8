CREATE FUNCTION turned(INOUT a integer, INOUT b integer) LANGUAGE sql AS $$ SELECT b, a $$;
CREATE VIEW pairs AS SELECT * FROM turned(1, 2);
CREATE VIEW sums AS SELECT pairs.*, 3 AS total FROM pairs;
