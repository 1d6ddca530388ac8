CREATE FUNCTION is_open(day date) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT day > '2020-01-01' $$;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE orders (id bigint PRIMARY KEY, day date);
CREATE TRIGGER stamped BEFORE INSERT ON orders FOR EACH ROW WHEN (is_open(NEW.day)) EXECUTE FUNCTION stamp();
