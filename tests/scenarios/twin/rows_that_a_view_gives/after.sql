CREATE TABLE t (
    id bigint PRIMARY KEY,
    a bigint
);

CREATE VIEW whole AS SELECT t AS w, id FROM t;

CREATE VIEW again AS SELECT w, id FROM whole;

CREATE VIEW opened AS SELECT (w).a + 1 AS next FROM again WHERE (w).id > 3;
