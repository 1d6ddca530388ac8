//! What no scenario reaches, and where the plan is more careful than what was seen.

/// Name, first major version, schema before, schema after.
pub(super) const MORE: &[(&str, u32, &str, &str)] = &[
    (
        "rename/view",
        14,
        "CREATE VIEW x AS SELECT 1 AS a;",
        "-- @renamed_from x\nCREATE VIEW y AS SELECT 1 AS a;",
    ),
    (
        "rename/materialized view",
        14,
        "CREATE MATERIALIZED VIEW x AS SELECT 1 AS a;",
        "-- @renamed_from x\nCREATE MATERIALIZED VIEW y AS SELECT 1 AS a;",
    ),
    (
        "rename/function",
        14,
        "CREATE FUNCTION x() RETURNS integer LANGUAGE sql AS 'SELECT 1';",
        "-- @renamed_from x\nCREATE FUNCTION y() RETURNS integer LANGUAGE sql AS 'SELECT 1';",
    ),
    (
        "rename/procedure",
        14,
        "CREATE PROCEDURE x() LANGUAGE sql AS 'SELECT 1';",
        "-- @renamed_from x\nCREATE PROCEDURE y() LANGUAGE sql AS 'SELECT 1';",
    ),
    (
        "rename/aggregate",
        14,
        "CREATE AGGREGATE x(integer) (SFUNC = int4pl, STYPE = integer);",
        "-- @renamed_from x\nCREATE AGGREGATE y(integer) (SFUNC = int4pl, STYPE = integer);",
    ),
    (
        "rename/composite type",
        14,
        "CREATE TYPE x AS (a integer);",
        "-- @renamed_from x\nCREATE TYPE y AS (a integer);",
    ),
    (
        "rename/domain",
        14,
        "CREATE DOMAIN x AS integer;",
        "-- @renamed_from x\nCREATE DOMAIN y AS integer;",
    ),
    (
        "rename/range type",
        14,
        "CREATE TYPE x AS RANGE (SUBTYPE = integer);",
        "-- @renamed_from x\nCREATE TYPE y AS RANGE (SUBTYPE = integer);",
    ),
    (
        "rename/trigger",
        14,
        "CREATE TABLE t (a integer); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();",
        "CREATE TABLE t (a integer); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; \n-- @renamed_from x\nCREATE TRIGGER y BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();",
    ),
    (
        "rename/trigger of a partitioned table",
        14,
        "CREATE TABLE t (a integer) PARTITION BY LIST (a); CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; CREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();",
        "CREATE TABLE t (a integer) PARTITION BY LIST (a); CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; \n-- @renamed_from x\nCREATE TRIGGER y AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();",
    ),
    (
        "rename/policy",
        14,
        "CREATE TABLE t (a integer); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; CREATE POLICY x ON t;",
        "CREATE TABLE t (a integer); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; \n-- @renamed_from x\nCREATE POLICY y ON t;",
    ),
    (
        "rename/rule",
        14,
        "CREATE TABLE t (a integer); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; CREATE RULE x AS ON DELETE TO t DO INSTEAD NOTHING;",
        "CREATE TABLE t (a integer); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; \n-- @renamed_from x\nCREATE RULE y AS ON DELETE TO t DO INSTEAD NOTHING;",
    ),
    (
        "rename/publication",
        14,
        "CREATE PUBLICATION x;",
        "-- @renamed_from x\nCREATE PUBLICATION y;",
    ),
    (
        "rename/event trigger",
        14,
        "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER x ON ddl_command_end EXECUTE FUNCTION f();",
        "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; \n-- @renamed_from x\nCREATE EVENT TRIGGER y ON ddl_command_end EXECUTE FUNCTION f();",
    ),
    (
        "rename/foreign data wrapper",
        14,
        "CREATE FOREIGN DATA WRAPPER x;",
        "-- @renamed_from x\nCREATE FOREIGN DATA WRAPPER y;",
    ),
    (
        "rename/server",
        14,
        "CREATE FOREIGN DATA WRAPPER f; CREATE SERVER x FOREIGN DATA WRAPPER f;",
        "CREATE FOREIGN DATA WRAPPER f; \n-- @renamed_from x\nCREATE SERVER y FOREIGN DATA WRAPPER f;",
    ),
    (
        "rename/text search dictionary",
        14,
        "CREATE TEXT SEARCH DICTIONARY x (TEMPLATE = simple);",
        "-- @renamed_from x\nCREATE TEXT SEARCH DICTIONARY y (TEMPLATE = simple);",
    ),
    (
        "rename/text search configuration",
        14,
        "CREATE TEXT SEARCH CONFIGURATION x (PARSER = pg_catalog.\"default\");",
        "-- @renamed_from x\nCREATE TEXT SEARCH CONFIGURATION y (PARSER = pg_catalog.\"default\");",
    ),
    (
        "rename/text search parser",
        14,
        "CREATE TEXT SEARCH PARSER x (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);",
        "-- @renamed_from x\nCREATE TEXT SEARCH PARSER y (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);",
    ),
    (
        "rename/text search template",
        14,
        "CREATE TEXT SEARCH TEMPLATE x (INIT = dsimple_init, LEXIZE = dsimple_lexize);",
        "-- @renamed_from x\nCREATE TEXT SEARCH TEMPLATE y (INIT = dsimple_init, LEXIZE = dsimple_lexize);",
    ),
    (
        "rename/subscription",
        14,
        "CREATE SUBSCRIPTION x CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false, slot_name = NONE, enabled = false);",
        "-- @renamed_from x\nCREATE SUBSCRIPTION y CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false, slot_name = NONE, enabled = false);",
    ),
    (
        "rename/conversion",
        14,
        "CREATE CONVERSION x FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;",
        "-- @renamed_from x\nCREATE CONVERSION y FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;",
    ),
    (
        "rename/operator family",
        14,
        "CREATE OPERATOR FAMILY x USING btree;",
        "-- @renamed_from x\nCREATE OPERATOR FAMILY y USING btree;",
    ),
    (
        "rename/operator class",
        14,
        "CREATE OPERATOR FAMILY f USING btree; CREATE OPERATOR CLASS x FOR TYPE int4 USING btree FAMILY f AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint4cmp(int4, int4);",
        "CREATE OPERATOR FAMILY f USING btree; \n-- @renamed_from x\nCREATE OPERATOR CLASS y FOR TYPE int4 USING btree FAMILY f AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint4cmp(int4, int4);",
    ),
    (
        "rename/language",
        14,
        "CREATE LANGUAGE x HANDLER plpgsql_call_handler;",
        "-- @renamed_from x\nCREATE LANGUAGE y HANDLER plpgsql_call_handler;",
    ),
    (
        "alter/options of a key",
        14,
        "CREATE TABLE t (a integer CONSTRAINT t_pkey PRIMARY KEY);",
        "CREATE TABLE t (a integer CONSTRAINT t_pkey PRIMARY KEY WITH (fillfactor = 50));",
    ),
    (
        "alter/event trigger disabled",
        14,
        "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER x ON ddl_command_end EXECUTE FUNCTION f();",
        "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER x ON ddl_command_end EXECUTE FUNCTION f(); ALTER EVENT TRIGGER x DISABLE;",
    ),
    (
        "alter/extension",
        14,
        "CREATE SCHEMA e; CREATE EXTENSION citext SCHEMA public VERSION '1.5';",
        "CREATE SCHEMA e; CREATE EXTENSION citext SCHEMA e VERSION '1.6';",
    ),
    (
        "alter/foreign data wrapper",
        14,
        "CREATE FOREIGN DATA WRAPPER f OPTIONS (debug 'true'); CREATE FOREIGN DATA WRAPPER g;",
        "CREATE FOREIGN DATA WRAPPER f OPTIONS (debug 'false'); CREATE FOREIGN DATA WRAPPER g VALIDATOR postgresql_fdw_validator;",
    ),
    (
        "alter/server version",
        14,
        "CREATE FOREIGN DATA WRAPPER f; CREATE SERVER s VERSION '1' FOREIGN DATA WRAPPER f;",
        "CREATE FOREIGN DATA WRAPPER f; CREATE SERVER s VERSION '2' FOREIGN DATA WRAPPER f;",
    ),
    (
        "alter/materialized view",
        14,
        "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a;",
        "CREATE MATERIALIZED VIEW m WITH (fillfactor = 50) TABLESPACE pgphase_space AS SELECT 1 AS a;",
    ),
    (
        "alter/access method of a materialized view",
        15,
        "CREATE ACCESS METHOD heap_two TYPE TABLE HANDLER heap_tableam_handler; CREATE MATERIALIZED VIEW m AS SELECT 1 AS a;",
        "CREATE ACCESS METHOD heap_two TYPE TABLE HANDLER heap_tableam_handler; CREATE MATERIALIZED VIEW m USING heap_two AS SELECT 1 AS a;",
    ),
    (
        "alter/sequence",
        15,
        "CREATE SEQUENCE s; CREATE SEQUENCE u;",
        "CREATE SEQUENCE s INCREMENT BY 10; CREATE UNLOGGED SEQUENCE u;",
    ),
    (
        "alter/statistics target",
        14,
        "CREATE TABLE t (a integer, b integer); CREATE STATISTICS s ON a, b FROM t;",
        "CREATE TABLE t (a integer, b integer); CREATE STATISTICS s ON a, b FROM t; ALTER STATISTICS s SET STATISTICS 500;",
    ),
    (
        "alter/typed table",
        14,
        "CREATE TYPE c AS (a integer); CREATE TABLE t (a integer);",
        "CREATE TYPE c AS (a integer); CREATE TABLE t OF c;",
    ),
    (
        "drop/default privileges",
        14,
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pgphase_reader;",
        "ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO pgphase_reader;",
    ),
    (
        "type/referenced by another table",
        14,
        "CREATE TABLE t (a varchar(10) PRIMARY KEY); CREATE TABLE u (a varchar(10) REFERENCES t (a));",
        "CREATE TABLE t (a varchar(20) PRIMARY KEY); CREATE TABLE u (a varchar(20) REFERENCES t (a));",
    ),
    (
        "attach/proved by a check",
        14,
        "CREATE TABLE p (a integer NOT NULL) PARTITION BY RANGE (a); CREATE TABLE p_1 (a integer NOT NULL, CONSTRAINT c CHECK (a >= 1 AND a < 100));",
        "CREATE TABLE p (a integer NOT NULL) PARTITION BY RANGE (a); CREATE TABLE p_1 PARTITION OF p (CONSTRAINT c CHECK (a >= 1 AND a < 100)) FOR VALUES FROM (1) TO (100);",
    ),
    (
        "attach/beside a default that a check keeps out",
        14,
        "CREATE TABLE p (a integer NOT NULL) PARTITION BY RANGE (a); CREATE TABLE p_d PARTITION OF p (CONSTRAINT c CHECK (a < 1 OR a >= 100)) DEFAULT;",
        "CREATE TABLE p (a integer NOT NULL) PARTITION BY RANGE (a); CREATE TABLE p_d PARTITION OF p (CONSTRAINT c CHECK (a < 1 OR a >= 100)) DEFAULT; CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (1) TO (100);",
    ),
];

/// Caution that is known: a part of the step's title, a part of the disagreement, and the reason.
pub(super) const CAUTION: &[(&str, &str, &str)] = &[
    (
        "reference no row of",
        "says that the step scans it",
        "the planner may look keys up in the index of the referenced table where there are few",
    ),
    (
        "validate constraint",
        "says that the step scans it",
        "the planner may look keys up in the index of the referenced table where there are few",
    ),
    (
        "add constraint public.two.two_one",
        "public.one_1: the plan says that the step scans it",
        "of tables in a circle the one that is filled first refers to nothing, and no key is looked up",
    ),
    (
        "attach table",
        "public.regions: the plan says that the step scans it",
        "the planner may look keys up in the index of the referenced table where there are few",
    ),
    (
        "by_day_total_idx concurrently",
        "and no lock was seen",
        "nobody can hold up a build on a materialized view, and it is over too soon to be seen",
    ),
    (
        "detach table",
        "says that the step scans it",
        "whether rows reference the partition is found by a join, and the planner may look one side up by its index",
    ),
    (
        "check that no rows of",
        "says that the step scans it",
        "the planner may answer from an index, or from the condition itself where that is constant",
    ),
];
