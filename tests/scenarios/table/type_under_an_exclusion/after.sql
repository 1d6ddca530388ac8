CREATE EXTENSION btree_gist;
CREATE TABLE shifts (
    id bigint PRIMARY KEY,
    worker bigint NOT NULL,
    during int4range NOT NULL,
    CONSTRAINT shifts_once EXCLUDE USING gist (worker WITH =, during WITH &&)
);
