CREATE TABLE lines (
    id bigint PRIMARY KEY,
    price bigint,
    quantity integer,
    total bigint GENERATED ALWAYS AS (price * quantity) STORED
);
CREATE INDEX lines_total ON lines (total);
CREATE TABLE boxes (
    id bigint PRIMARY KEY,
    height integer,
    area integer GENERATED ALWAYS AS (height * height) STORED
);
CREATE VIEW areas AS SELECT id, area FROM boxes;
