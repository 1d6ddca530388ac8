CREATE TABLE shapes (id bigint PRIMARY KEY, box box, at timestamptz, code text, net inet);
