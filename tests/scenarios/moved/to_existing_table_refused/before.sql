CREATE TABLE users (id bigint PRIMARY KEY, bio text);
CREATE TABLE profiles (user_id bigint PRIMARY KEY REFERENCES users (id));
