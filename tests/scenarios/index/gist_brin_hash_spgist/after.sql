CREATE TABLE shapes (id bigint PRIMARY KEY, box box, at timestamptz, code text, net inet);
CREATE INDEX shapes_box_idx ON shapes USING gist (box);
CREATE INDEX shapes_at_idx ON shapes USING brin (at) WITH (pages_per_range = 32);
CREATE INDEX shapes_code_idx ON shapes USING hash (code);
CREATE INDEX shapes_net_idx ON shapes USING spgist (net inet_ops);
