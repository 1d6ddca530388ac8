CREATE TABLE t (id integer PRIMARY KEY, a bigint);
CREATE VIEW plain AS SELECT id, a FROM t;
CREATE VIEW page AS SELECT id FROM plain;
