CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE FUNCTION mail_of(who bigint) RETURNS text LANGUAGE sql STABLE RETURN (SELECT email FROM users WHERE id = who);
CREATE FUNCTION add_user(who bigint, mail text) RETURNS bigint LANGUAGE sql
BEGIN ATOMIC
    INSERT INTO users (id, email) VALUES (who, mail);
    SELECT count(*) FROM users;
END;
