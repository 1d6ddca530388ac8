CREATE TABLE item (id bigint CONSTRAINT k UNIQUE, name varchar(10));
