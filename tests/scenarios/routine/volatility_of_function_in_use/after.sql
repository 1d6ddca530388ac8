CREATE FUNCTION clean(t text) RETURNS text LANGUAGE sql IMMUTABLE COST 50 AS $$ SELECT lower(t) $$;
CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE INDEX users_clean_idx ON users (clean(email));
