CREATE TYPE point3 AS (x integer, y integer, z integer);
CREATE TABLE points OF point3 (x NOT NULL, PRIMARY KEY (x, y));
