CREATE TABLE users (id bigint PRIMARY KEY, score integer);
CREATE FUNCTION grade(score integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN score > 5 THEN 'good' ELSE 'bad' END $$;
CREATE VIEW grades AS SELECT id, grade(score) AS grade FROM users;
