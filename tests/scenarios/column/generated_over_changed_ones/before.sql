CREATE TABLE lines (
    id bigint PRIMARY KEY,
    price integer,
    quantity integer,
    total integer GENERATED ALWAYS AS (price * quantity) STORED
);
CREATE INDEX lines_total ON lines (total);
CREATE TABLE boxes (
    id bigint PRIMARY KEY,
    width integer,
    height integer,
    area integer GENERATED ALWAYS AS (width * height) STORED
);
CREATE VIEW areas AS SELECT id, area FROM boxes;
