CREATE TABLE parent (n integer DEFAULT 1, note varchar(10) DEFAULT 'a', kind integer DEFAULT 1);
CREATE TABLE child (n integer DEFAULT 5, note varchar(10) DEFAULT 'b', kind integer DEFAULT 5) INHERITS (parent);
CREATE TABLE of_lists (n integer DEFAULT 1, note varchar(10) DEFAULT 'a', kind integer DEFAULT 1) PARTITION BY LIST (n);
CREATE TABLE of_lists_1 PARTITION OF of_lists (note DEFAULT 'b', kind DEFAULT 5) FOR VALUES IN (1) PARTITION BY LIST (kind);
CREATE TABLE of_lists_1_5 PARTITION OF of_lists_1 (note DEFAULT 'a', kind DEFAULT 1) FOR VALUES IN (5);
