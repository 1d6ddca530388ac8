CREATE TABLE lines (id bigint PRIMARY KEY, a integer, b integer, CONSTRAINT one_of CHECK (num_nonnulls(a, b) = 1), CONSTRAINT a_less_b CHECK ((a IS NULL) OR (b IS NULL) OR (a < b)));
