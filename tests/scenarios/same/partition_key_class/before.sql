CREATE TABLE things (number int, name varchar(20)) PARTITION BY RANGE (number oid_ops, name text_pattern_ops);
