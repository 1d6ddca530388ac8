CREATE TABLE item (id bigint CONSTRAINT k PRIMARY KEY, name varchar(10));
