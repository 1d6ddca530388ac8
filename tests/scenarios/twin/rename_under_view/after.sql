CREATE TABLE users (
    id bigint PRIMARY KEY,
    -- @renamed_from name
    full_name text
);
CREATE VIEW people AS SELECT id, full_name AS name FROM users;
