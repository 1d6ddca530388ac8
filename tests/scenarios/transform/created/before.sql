CREATE TYPE mood AS (a integer);
