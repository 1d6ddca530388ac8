CREATE TYPE mood AS ENUM ('sad', 'ok', 'fine');
CREATE TABLE t (id bigint PRIMARY KEY, m mood, g boolean GENERATED ALWAYS AS (m = 'sad') STORED);
CREATE VIEW v AS SELECT id, m FROM t WHERE m = 'fine';
