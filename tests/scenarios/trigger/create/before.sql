CREATE TABLE users (id bigint PRIMARY KEY, email text, changed_at timestamptz);
