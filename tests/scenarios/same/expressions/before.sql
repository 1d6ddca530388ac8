CREATE TABLE t (
    id bigint PRIMARY KEY,
    a integer CHECK (a IN (1, 2, 3)),
    b text DEFAULT 'x' CHECK (b LIKE 'x%' OR b != 'y'),
    c varchar(10) CHECK (c IN ('p', 'q')),
    d timestamptz DEFAULT now(),
    e boolean DEFAULT true NOT NULL,
    f numeric(10,2) DEFAULT 0.00 CHECK (f BETWEEN 0 AND 100),
    g jsonb DEFAULT '{}',
    h text[] DEFAULT '{}',
    i date DEFAULT CURRENT_DATE
);
CREATE INDEX t_b_idx ON t (lower(b)) WHERE a > 1 AND b IS NOT NULL;
