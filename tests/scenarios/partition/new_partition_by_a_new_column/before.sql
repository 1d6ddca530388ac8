CREATE TABLE letters (id bigint, kind text) PARTITION BY LIST (kind);
CREATE TABLE letters_a PARTITION OF letters FOR VALUES IN ('a');
INSERT INTO letters VALUES (1, 'a');
