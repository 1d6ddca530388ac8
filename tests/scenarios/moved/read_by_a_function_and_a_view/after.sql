CREATE TABLE users (id bigint PRIMARY KEY, name text);
CREATE TABLE profiles (
    user_id bigint PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    -- @moved_from users.bio via user_id = users.id
    bio text
);
CREATE FUNCTION bio_of(who bigint) RETURNS text LANGUAGE sql STABLE AS 'SELECT bio FROM public.profiles WHERE user_id = who';
CREATE FUNCTION said(who bigint) RETURNS text LANGUAGE plpgsql STABLE AS 'BEGIN RETURN (SELECT bio FROM public.profiles WHERE user_id = who); END';
CREATE VIEW sayings AS SELECT user_id AS id, bio FROM profiles WHERE bio IS NOT NULL;
CREATE VIEW named AS SELECT id, name FROM users WHERE NOT EXISTS (SELECT FROM profiles WHERE user_id = id AND bio = 'hidden');
