CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE DOMAIN size AS bigint;
CREATE TABLE box (
    id bigint PRIMARY KEY,
    height integer,
    width bigint DEFAULT 5,
    depth integer
);
CREATE INDEX box_height ON box (height);
