CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE profiles (
    user_id bigint PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    -- @moved_from users.bio via user_id = users.id
    bio text
);
