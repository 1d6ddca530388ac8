CREATE TABLE clients (id text PRIMARY KEY, name text);
CREATE TABLE tokens (id bigint PRIMARY KEY, client text);
CREATE TABLE users (id bigint PRIMARY KEY, mail text NOT NULL);
CREATE UNIQUE INDEX users_mail ON users (mail);
CREATE TABLE logins (id bigint PRIMARY KEY, mail text);
