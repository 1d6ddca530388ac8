CREATE TABLE users (id bigint PRIMARY KEY, name text, bio text);
CREATE FUNCTION bio_of(who bigint) RETURNS text LANGUAGE sql STABLE AS 'SELECT bio FROM public.users WHERE id = who';
CREATE FUNCTION said(who bigint) RETURNS text LANGUAGE plpgsql STABLE AS 'BEGIN RETURN (SELECT bio FROM public.users WHERE id = who); END';
CREATE VIEW sayings AS SELECT id, bio FROM users WHERE bio IS NOT NULL;
CREATE VIEW named AS SELECT id, name FROM users;
