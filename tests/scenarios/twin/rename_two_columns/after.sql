CREATE TABLE places (
    id bigint PRIMARY KEY,
    -- @renamed_from x
    "left" integer NOT NULL,
    -- @renamed_from y
    bottom integer,
    CONSTRAINT inside CHECK ("left" > bottom),
    CONSTRAINT places_corner UNIQUE ("left", bottom)
);
CREATE INDEX places_bottom ON places (bottom);
