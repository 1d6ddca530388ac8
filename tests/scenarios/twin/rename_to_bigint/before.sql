CREATE TABLE counters (name text PRIMARY KEY, hits integer DEFAULT 0 NOT NULL CHECK (hits >= 0));
