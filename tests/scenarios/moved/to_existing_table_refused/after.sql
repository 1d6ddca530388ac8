CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE profiles (
    user_id bigint PRIMARY KEY REFERENCES users (id),
    -- @moved_from users.bio via user_id = users.id
    bio text
);
