CREATE TABLE parts (id integer PRIMARY KEY, part_of integer);
