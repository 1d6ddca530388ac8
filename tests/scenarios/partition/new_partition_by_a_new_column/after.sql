CREATE TABLE letters (id bigint, kind text, sent date, weight integer) PARTITION BY LIST (kind);
CREATE TABLE letters_a PARTITION OF letters FOR VALUES IN ('a');
CREATE TABLE letters_b PARTITION OF letters FOR VALUES IN ('b') PARTITION BY RANGE (sent, (weight / 10));
CREATE TABLE letters_b_old PARTITION OF letters_b FOR VALUES FROM ('2020-01-01', 0) TO ('2025-01-01', 0);
