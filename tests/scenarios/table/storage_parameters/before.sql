CREATE TABLE hot (id bigint PRIMARY KEY, note text) WITH (fillfactor = 90, autovacuum_enabled = false);
