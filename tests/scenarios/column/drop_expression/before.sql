CREATE TABLE lines (id bigint PRIMARY KEY, price integer, doubled integer GENERATED ALWAYS AS (price * 2) STORED);
