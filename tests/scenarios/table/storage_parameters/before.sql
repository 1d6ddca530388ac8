CREATE TABLE hot (id bigint PRIMARY KEY) WITH (fillfactor = 90, autovacuum_enabled = false);
