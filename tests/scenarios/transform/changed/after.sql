CREATE FUNCTION from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'int4recv';
CREATE FUNCTION to_sql(internal) RETURNS integer LANGUAGE internal IMMUTABLE AS 'int4recv';
CREATE OR REPLACE TRANSFORM FOR integer LANGUAGE SQL (TO SQL WITH FUNCTION to_sql(internal));
