CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN dm AS mood;
CREATE TABLE t (id bigint PRIMARY KEY, m mood, p dm);
