CREATE TABLE hot (id bigint PRIMARY KEY, note text) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, toast.autovacuum_enabled = false);
