CREATE TABLE t (id bigint NOT NULL, d date NOT NULL, a text, PRIMARY KEY (id, d));
CREATE INDEX t_a ON t (a);
CREATE VIEW v AS SELECT id FROM t;
