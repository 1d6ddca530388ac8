CREATE DOMAIN size AS text;
CREATE TABLE shirts (id int PRIMARY KEY, size size);
CREATE TABLE shoes (id int PRIMARY KEY, size size NOT NULL);
