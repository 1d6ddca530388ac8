CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER users_note BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION note();
COMMENT ON TRIGGER users_note ON users IS 'stays';
