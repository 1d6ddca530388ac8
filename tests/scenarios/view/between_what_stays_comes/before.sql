CREATE TABLE post (id bigint PRIMARY KEY, title varchar(20) NOT NULL);
CREATE DOMAIN short AS text;
CREATE VIEW plain AS SELECT id, title FROM post;
CREATE VIEW page AS SELECT id FROM plain;
INSERT INTO post VALUES (1, 'first');
