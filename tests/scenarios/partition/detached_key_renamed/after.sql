CREATE TABLE log (id int PRIMARY KEY, kind text) PARTITION BY RANGE (id);
CREATE TABLE log_1 (id int, kind text, CONSTRAINT first_key PRIMARY KEY (id));
COMMENT ON TABLE log_1 IS 'the first';
COMMENT ON CONSTRAINT first_key ON log_1 IS 'kept';
