CREATE TABLE events (id bigint, at date NOT NULL, country text) PARTITION BY RANGE (at);
