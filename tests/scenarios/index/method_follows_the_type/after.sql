CREATE TABLE artists (id bigint PRIMARY KEY, names text NOT NULL, urls text NOT NULL);
CREATE INDEX artists_names ON artists (names);
