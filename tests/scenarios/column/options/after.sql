CREATE TABLE files (id bigint PRIMARY KEY, owner text);
ALTER TABLE ONLY files ALTER COLUMN owner SET (n_distinct=-0.5);
