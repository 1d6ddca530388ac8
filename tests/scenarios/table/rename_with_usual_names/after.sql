-- @renamed_from users
CREATE TABLE people (id serial PRIMARY KEY, email text UNIQUE, age int CHECK (age > 0), boss int REFERENCES people);
CREATE INDEX ON people (lower(email));
CREATE TABLE orders (id int PRIMARY KEY, user_id int NOT NULL REFERENCES people);
CREATE TABLE tags (
    id int PRIMARY KEY,
    -- @renamed_from label
    title text UNIQUE
);
