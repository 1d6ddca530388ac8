CREATE TABLE visits (id bigint PRIMARY KEY, page bigint, visitor text);
CREATE TABLE pages (id integer PRIMARY KEY);
CREATE PUBLICATION visitors FOR TABLE visits (id, page) WHERE (id > 100), TABLE pages;
