CREATE TABLE items (id integer, kind varchar(255), size text, CONSTRAINT size_there CHECK (length(size) > 0)) PARTITION BY LIST (kind);
CREATE TABLE items_1 PARTITION OF items FOR VALUES IN ('one');
