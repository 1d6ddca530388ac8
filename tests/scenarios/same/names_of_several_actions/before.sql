CREATE TABLE t (
    a integer,
    b integer,
    c integer,
    CONSTRAINT t_a_check CHECK (a > 0),
    CONSTRAINT t_a_check1 CHECK (a < 9),
    CONSTRAINT t_c_check CHECK (c > 0),
    CONSTRAINT t_c_check1 CHECK (c < 9),
    CONSTRAINT t_a_key UNIQUE (a),
    CONSTRAINT t_a_b_key UNIQUE (a) INCLUDE (b),
    CONSTRAINT t_a_b_key1 UNIQUE (a, b),
    CONSTRAINT t_b_excl EXCLUDE USING btree (b WITH =),
    CONSTRAINT t_b_excl1 EXCLUDE USING btree (b WITH =) WHERE (b > 3)
);
