CREATE FUNCTION b_one(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n';
CREATE VIEW a_before AS SELECT 'b_one(integer)'::regprocedure::text AS name;
