CREATE TABLE keep (id bigint PRIMARY KEY);
CREATE FUNCTION ping(n integer) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN IF n > 0 THEN RETURN pong(n - 1); END IF; RETURN n; END $$;
CREATE FUNCTION pong(n integer) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN IF n > 0 THEN RETURN ping(n - 1); END IF; RETURN n; END $$;
