CREATE TABLE users (id bigint PRIMARY KEY, handle text NOT NULL, CONSTRAINT users_handle_key UNIQUE (handle));
CREATE TABLE posts (id bigint PRIMARY KEY, author text, CONSTRAINT posts_author_fk FOREIGN KEY (author) REFERENCES users (handle));
