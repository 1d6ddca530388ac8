CREATE TABLE tasks (id bigint NOT NULL, label text, status text NOT NULL) PARTITION BY LIST (status);
CREATE TABLE tasks_rest PARTITION OF tasks DEFAULT;
CREATE INDEX tasks__label ON tasks (label);
CREATE TABLE others (id bigint PRIMARY KEY);
CREATE PUBLICATION everything FOR TABLE tasks;
