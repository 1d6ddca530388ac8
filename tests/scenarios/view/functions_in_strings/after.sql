CREATE FUNCTION z_two(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n';
CREATE FUNCTION z_three() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TYPE z_kind AS ENUM ('a');
CREATE VIEW a_after AS
    SELECT 'z_two(integer)'::regprocedure::text AS name, 'z_three'::regproc::text AS other, 'z_kind'::regtype::text AS kind;
