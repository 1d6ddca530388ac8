CREATE TABLE post (id bigint PRIMARY KEY, title varchar(30) NOT NULL);
CREATE DOMAIN short AS text;
CREATE VIEW plain AS SELECT id, title FROM post;
CREATE VIEW middle AS SELECT id, title FROM plain;
CREATE VIEW page AS SELECT id FROM middle;
