CREATE DOMAIN size AS integer;
CREATE TABLE box (id bigint PRIMARY KEY, depth size);
CREATE MATERIALIZED VIEW depths AS SELECT box.depth FROM box;
