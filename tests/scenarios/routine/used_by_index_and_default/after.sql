CREATE FUNCTION clean(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower(trim(t)) $$;
CREATE TABLE users (id bigint PRIMARY KEY, email text DEFAULT clean(' X '));
CREATE UNIQUE INDEX users_clean_idx ON users (clean(email));
