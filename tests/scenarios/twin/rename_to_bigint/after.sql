CREATE TABLE counters (
    name text PRIMARY KEY,
    -- @renamed_from hits
    visits bigint DEFAULT 0 NOT NULL CONSTRAINT counters_hits_check CHECK (visits >= 0)
);
