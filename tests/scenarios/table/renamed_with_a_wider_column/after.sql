-- @renamed_from item
CREATE TABLE article (id bigint CONSTRAINT k PRIMARY KEY, name varchar(20));
