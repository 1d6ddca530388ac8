CREATE DOMAIN code AS text COLLATE "C";
CREATE DOMAIN short AS code COLLATE "C";
CREATE DOMAIN word AS text COLLATE "POSIX";
CREATE TYPE pair AS (a code COLLATE "C", b text COLLATE "default");
CREATE TYPE codes AS RANGE (SUBTYPE = code, COLLATION = "C");
CREATE TABLE items (
    code code COLLATE pg_catalog."C",
    short short COLLATE "C",
    plain text COLLATE "C",
    called name COLLATE "C",
    many code[],
    word word,
    usual text COLLATE pg_catalog."default"
);
CREATE INDEX by_code ON items (code COLLATE "C");
CREATE INDEX by_short ON items (short COLLATE pg_catalog."C");
CREATE INDEX by_plain ON items (plain COLLATE "C");
CREATE INDEX by_called ON items (called COLLATE "C");
CREATE INDEX by_many ON items (many COLLATE "C");
CREATE INDEX by_usual ON items (usual COLLATE "default");
CREATE INDEX by_word ON items (word COLLATE "C");
CREATE INDEX by_other ON items (plain COLLATE pg_catalog."default");
ALTER TABLE items ADD CONSTRAINT one EXCLUDE USING btree (code COLLATE "C" WITH =);
CREATE TABLE parts (code code, usual text) PARTITION BY RANGE (code COLLATE "C", usual COLLATE "default");
CREATE TABLE kinds (code code) PARTITION BY LIST (code COLLATE "POSIX");
