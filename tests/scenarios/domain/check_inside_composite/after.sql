CREATE DOMAIN amount AS int CHECK (VALUE > 0);
CREATE TYPE price AS (value amount, currency text);
CREATE TABLE t (id int PRIMARY KEY, price price);
