CREATE TABLE town (id int PRIMARY KEY, size int CONSTRAINT town_size_check CHECK (size > 0));
CREATE TABLE late (size int);
ALTER TABLE late ADD CONSTRAINT late_check CHECK (size > 0) NOT VALID;
