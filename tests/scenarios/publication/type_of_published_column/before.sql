CREATE TABLE visits (id integer PRIMARY KEY, page integer, visitor text);
CREATE TABLE pages (id integer PRIMARY KEY);
CREATE PUBLICATION visitors FOR TABLE visits (id, page) WHERE (id > 100), TABLE pages;
