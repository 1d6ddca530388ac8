CREATE TABLE packages (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE needs (package_id bigint NOT NULL REFERENCES packages, needed bigint NOT NULL REFERENCES packages);
CREATE TABLE users_of (id bigserial PRIMARY KEY, package text NOT NULL, user_id bigint NOT NULL);
CREATE INDEX users_of_user_idx ON users_of (user_id);
