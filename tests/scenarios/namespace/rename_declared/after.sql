-- @renamed_from old
CREATE SCHEMA new;
CREATE TABLE new.t (id int PRIMARY KEY);
