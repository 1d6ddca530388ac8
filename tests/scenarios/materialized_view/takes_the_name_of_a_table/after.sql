CREATE TABLE packages (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE needs (package_id bigint NOT NULL REFERENCES packages, needed bigint NOT NULL REFERENCES packages);
CREATE MATERIALIZED VIEW users_of AS SELECT DISTINCT p.name, n.package_id AS user_id FROM needs n JOIN packages p ON p.id = n.needed;
CREATE UNIQUE INDEX users_of_name_user_idx ON users_of (name, user_id);
CREATE INDEX users_of_user_idx ON users_of (user_id);
