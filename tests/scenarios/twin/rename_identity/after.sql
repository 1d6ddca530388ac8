CREATE TABLE users (
    -- @renamed_from number
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text
);
