CREATE TABLE hits (id bigint PRIMARY KEY, counter integer DEFAULT 0 NOT NULL);
