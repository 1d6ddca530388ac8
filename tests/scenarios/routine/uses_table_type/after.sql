CREATE TABLE keep (id bigint PRIMARY KEY);
CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE FUNCTION domain_of(u users) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT split_part(u.email, '@', 2) $$;
CREATE FUNCTION all_users() RETURNS SETOF users LANGUAGE sql STABLE AS $$ SELECT * FROM users $$;
