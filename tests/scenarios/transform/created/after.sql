CREATE TYPE mood AS (a integer);
CREATE FUNCTION from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'int4recv';
CREATE FUNCTION to_sql(internal) RETURNS mood LANGUAGE internal IMMUTABLE AS 'record_recv';
CREATE TRANSFORM FOR mood LANGUAGE plpgsql (FROM SQL WITH FUNCTION from_sql(internal), TO SQL WITH FUNCTION to_sql(internal));
COMMENT ON TRANSFORM FOR mood LANGUAGE plpgsql IS 'both ways';
CREATE FUNCTION f(m mood) RETURNS integer LANGUAGE plpgsql TRANSFORM FOR TYPE mood AS $$ begin return 1; end $$;
