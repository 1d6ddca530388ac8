SET check_function_bodies = false;
CREATE TABLE users (id bigint, fax text);
CREATE TABLE machines (id bigint, fax text);
CREATE TABLE log (line text);
CREATE PROCEDURE p() LANGUAGE sql AS $$ INSERT INTO users DEFAULT VALUES $$;
CREATE FUNCTION f(integer) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(fax) FROM machines); END $$;
CREATE FUNCTION f(text) RETURNS text LANGUAGE sql AS $$ SELECT $1 $$;
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES (NEW.fax); RETURN NEW; END $$;
CREATE TRIGGER note AFTER INSERT ON machines FOR EACH ROW EXECUTE FUNCTION note();
