CREATE TABLE users (tenant bigint, id bigint, PRIMARY KEY (tenant, id));
CREATE TABLE posts (tenant bigint, author bigint, CONSTRAINT author_fk FOREIGN KEY (tenant, author) REFERENCES users (tenant, id) ON DELETE SET NULL (author));
