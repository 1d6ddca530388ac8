CREATE TABLE post (id integer PRIMARY KEY, name text, body varchar(200));
CREATE VIEW counted AS SELECT id, name, length(body) AS size FROM post;
CREATE VIEW ranked AS SELECT id, name FROM counted WHERE size > 10;
CREATE VIEW shown AS SELECT id, name FROM ranked;
CREATE VIEW of_it AS SELECT name FROM shown;
