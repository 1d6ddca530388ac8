CREATE TABLE post (id integer PRIMARY KEY, name varchar(20), body varchar(100));
CREATE VIEW shown AS SELECT id, name FROM post;
CREATE VIEW of_it AS SELECT name FROM shown;
