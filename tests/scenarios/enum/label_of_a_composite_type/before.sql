CREATE TYPE mood AS ENUM ('sad', 'ok', 'gone');
CREATE TYPE pair AS (a integer, m mood);
CREATE TABLE t (id bigint PRIMARY KEY, m mood, p pair);
