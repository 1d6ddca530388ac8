CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE DOMAIN size AS integer;
CREATE TABLE box (
    id bigint PRIMARY KEY,
    height positive,
    width positive DEFAULT 5,
    depth size
);
CREATE INDEX box_height ON box (height);
