CREATE TABLE town (id int PRIMARY KEY, size int, CONSTRAINT town_size_check CHECK (size > 0) NOT VALID);
CREATE TABLE late (size int, CONSTRAINT late_check CHECK (size > 0) NOT VALID);
CREATE TABLE new (town int, size int, CONSTRAINT new_check CHECK (size > 0) NOT VALID, FOREIGN KEY (town) REFERENCES town NOT VALID);
CREATE TABLE open (size int);
ALTER TABLE open ADD CONSTRAINT open_check CHECK (size > 0) NOT VALID;
