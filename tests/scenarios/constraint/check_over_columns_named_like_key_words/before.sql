CREATE TABLE t (
    id integer PRIMARY KEY,
    begin integer,
    loop text,
    finish integer,
    CONSTRAINT t_order CHECK (begin < finish)
);
CREATE UNIQUE INDEX t_begin ON t (abs(begin)) WHERE begin > 0;
CREATE POLICY own ON t USING (loop <> 'a');
INSERT INTO t VALUES (1, 2, 'b', 3);
