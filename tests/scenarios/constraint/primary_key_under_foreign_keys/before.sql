CREATE TABLE users (id bigint PRIMARY KEY, tenant bigint NOT NULL, name text);
CREATE TABLE posts (id bigint PRIMARY KEY, author bigint REFERENCES users (id) ON DELETE CASCADE, body text);
CREATE TABLE likes (post bigint REFERENCES posts (id), liker bigint NOT NULL REFERENCES users (id));
