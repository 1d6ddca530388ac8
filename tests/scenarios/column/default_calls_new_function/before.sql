CREATE TABLE tickets (id bigint PRIMARY KEY, code text);
