CREATE SCHEMA words;
CREATE COLLATION words.german (LOCALE = 'de_DE', PROVIDER = icu);
CREATE COLLATION folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE COLLATION "Bytes" FROM "C";
CREATE COLLATION mixed (LC_COLLATE = 'C', LC_CTYPE = "POSIX");
COMMENT ON COLLATION words.german IS 'as in the telephone book';
CREATE TABLE people (id int PRIMARY KEY, name text, nickname text COLLATE "Bytes");
CREATE INDEX people_german ON people (name COLLATE words.german);
CREATE DOMAIN word AS text COLLATE folded;
