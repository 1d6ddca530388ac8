CREATE TABLE hub (id bigint PRIMARY KEY);
