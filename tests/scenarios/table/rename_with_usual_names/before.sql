CREATE TABLE users (id serial PRIMARY KEY, email text UNIQUE, age int CHECK (age > 0), boss int REFERENCES users);
CREATE INDEX ON users (lower(email));
CREATE TABLE orders (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users);
CREATE TABLE tags (id int PRIMARY KEY, label text UNIQUE);
