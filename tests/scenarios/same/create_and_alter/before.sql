CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL UNIQUE, plan text DEFAULT 'free');
CREATE TABLE orders (id serial PRIMARY KEY, user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE);
