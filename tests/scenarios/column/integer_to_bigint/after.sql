CREATE TABLE hits (id bigint PRIMARY KEY, counter bigint DEFAULT 0 NOT NULL);
