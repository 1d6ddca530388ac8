CREATE TABLE users (
    id bigint PRIMARY KEY,
    -- @renamed_from name
    full_name text
);
