CREATE TABLE users (id bigint PRIMARY KEY);
CREATE PROCEDURE clean() LANGUAGE sql AS $$ DELETE FROM users WHERE id <= 0 $$;
CREATE PROCEDURE clean_from(IN start bigint, INOUT done bigint DEFAULT 0) LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM users WHERE id > start;
    GET DIAGNOSTICS done = ROW_COUNT;
    COMMIT;
END
$$;
