CREATE DOMAIN digest AS uuid;
CREATE TABLE blocks (id bigint PRIMARY KEY, hash digest);
