CREATE TABLE things (number int, name varchar(20)) PARTITION BY RANGE (number oid_ops, name text_pattern_ops);
CREATE TABLE words (word text, day date) PARTITION BY RANGE (word, day, lower(word));
CREATE TABLE spread (word varchar(9), number int) PARTITION BY HASH (word, number);
