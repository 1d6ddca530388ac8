CREATE TABLE hits (id bigint PRIMARY KEY, at timestamp(6) with time zone, took interval);
