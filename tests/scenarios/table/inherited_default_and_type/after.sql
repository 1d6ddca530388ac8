CREATE TABLE parent (n text DEFAULT '1', note varchar(20) DEFAULT 'a', kind integer DEFAULT 2);
CREATE TABLE child (n text DEFAULT '5', note varchar(20) DEFAULT 'b', kind integer DEFAULT 6) INHERITS (parent);
CREATE TABLE of_lists (n integer DEFAULT 1, note varchar(20) DEFAULT 'a', kind integer DEFAULT 2) PARTITION BY LIST (n);
CREATE TABLE of_lists_1 PARTITION OF of_lists (note DEFAULT 'b', kind DEFAULT 6) FOR VALUES IN (1) PARTITION BY LIST (kind);
CREATE TABLE of_lists_1_5 PARTITION OF of_lists_1 (note DEFAULT 'a', kind DEFAULT 2) FOR VALUES IN (5);
