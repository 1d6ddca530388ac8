CREATE TABLE item (id bigint PRIMARY KEY, size integer, note text);
