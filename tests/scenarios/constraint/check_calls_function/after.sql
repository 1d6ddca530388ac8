CREATE FUNCTION looks_like_email(value text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT value LIKE '%@%' $$;
CREATE TABLE users (id bigint PRIMARY KEY, email text, CONSTRAINT email_shape CHECK (looks_like_email(email)));
