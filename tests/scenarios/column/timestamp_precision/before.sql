CREATE TABLE hits (id bigint PRIMARY KEY, at timestamp(0) with time zone, took interval(3));
