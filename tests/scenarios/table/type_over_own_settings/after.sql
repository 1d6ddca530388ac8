-- PostgreSQL forgets storage and compression with the type, also in the tables below.
CREATE TABLE notes (label text, body text);
CREATE TABLE memos () INHERITS (notes);
ALTER TABLE ONLY memos ALTER COLUMN label SET STORAGE EXTERNAL, ALTER COLUMN label SET COMPRESSION pglz;
ALTER TABLE ONLY memos ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE TABLE logs (label text, at date) PARTITION BY RANGE (at);
CREATE TABLE logs_2025 PARTITION OF logs FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
ALTER TABLE ONLY logs_2025 ALTER COLUMN label SET STORAGE MAIN;
