-- @renamed_from item
CREATE TABLE article (id bigint CONSTRAINT k UNIQUE, name varchar(20));
