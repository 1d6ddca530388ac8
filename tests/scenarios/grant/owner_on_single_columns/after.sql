CREATE TABLE people (id integer, name text, secret text);
ALTER TABLE people OWNER TO app_owner;
REVOKE SELECT ON people FROM app_owner;
GRANT SELECT (id, name) ON people TO app_owner;
CREATE TABLE places (id integer, name text);
ALTER TABLE places OWNER TO app_owner;
GRANT SELECT ON places TO app_reader;
GRANT UPDATE (name) ON places TO app_owner WITH GRANT OPTION;
