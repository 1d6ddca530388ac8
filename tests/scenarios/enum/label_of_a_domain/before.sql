CREATE TYPE mood AS ENUM ('sad', 'ok', 'gone');
CREATE DOMAIN dm AS mood;
CREATE TABLE t (id bigint PRIMARY KEY, m mood, p dm);
