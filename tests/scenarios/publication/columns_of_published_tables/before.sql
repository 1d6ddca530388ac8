CREATE TABLE whole (id int PRIMARY KEY, n text);
CREATE TABLE parts (id int PRIMARY KEY, n text, old_name text);
CREATE PUBLICATION pub FOR TABLE whole, TABLE parts (id, n) WHERE (id > 5);
