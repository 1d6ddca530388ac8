CREATE TABLE tasks (id bigint NOT NULL, label text, status text NOT NULL);
CREATE INDEX tasks__label__idx ON tasks (label);
CREATE TABLE others (id bigint PRIMARY KEY);
CREATE PUBLICATION everything FOR TABLE tasks;
