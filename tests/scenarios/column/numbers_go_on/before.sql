CREATE TABLE was_serial (id serial PRIMARY KEY, line text);
CREATE TABLE was_restarted (id serial PRIMARY KEY, line text);
CREATE TABLE was_identity (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, line text);
CREATE TABLE gets_identity (id int PRIMARY KEY, line text);
CREATE TABLE gets_serial (id bigint PRIMARY KEY, line text);
CREATE TABLE not_indexed (id int NOT NULL, line text);
CREATE SEQUENCE shared;
CREATE TABLE gets_shared (id int PRIMARY KEY, line text);
