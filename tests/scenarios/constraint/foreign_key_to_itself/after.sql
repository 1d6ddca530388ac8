CREATE TABLE nodes (id bigint PRIMARY KEY, parent bigint CONSTRAINT nodes_parent_fk REFERENCES nodes (id));
