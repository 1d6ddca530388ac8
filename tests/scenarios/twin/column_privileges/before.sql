CREATE TABLE p (id int PRIMARY KEY, n int, old_name text, plain int);
GRANT SELECT (n), UPDATE (n) ON p TO PUBLIC;
GRANT SELECT (old_name) ON p TO PUBLIC;
GRANT SELECT (plain) ON p TO PUBLIC;
