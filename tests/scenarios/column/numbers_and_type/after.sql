CREATE TABLE was_serial (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, line text);
CREATE TABLE item (id int PRIMARY KEY, of bigint REFERENCES was_serial (id));
CREATE TABLE was_identity (id bigserial PRIMARY KEY, line text);
CREATE TABLE in_parts (id bigserial, line text) PARTITION BY LIST (line);
CREATE TABLE in_parts_rest PARTITION OF in_parts DEFAULT;
CREATE TABLE parts_identity (id bigserial, line text);
CREATE TABLE parts_child (more text) INHERITS (parts_identity);
