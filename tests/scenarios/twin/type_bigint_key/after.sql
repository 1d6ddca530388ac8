CREATE SEQUENCE users_id_seq AS bigint;
CREATE TABLE users (id bigint DEFAULT nextval('users_id_seq'::regclass) NOT NULL, boss bigint, name text);
ALTER SEQUENCE users_id_seq OWNED BY users.id;
ALTER TABLE users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
ALTER TABLE users ADD CONSTRAINT users_boss_fkey FOREIGN KEY (boss) REFERENCES users (id);
CREATE TABLE posts (id bigint PRIMARY KEY, author bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE, body text);
CREATE INDEX posts_author ON posts (author);
CREATE TABLE likes (post bigint REFERENCES posts (id), liker bigint REFERENCES users (id), PRIMARY KEY (post, liker));
