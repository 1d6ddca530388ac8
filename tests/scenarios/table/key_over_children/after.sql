CREATE TABLE other (n int);
CREATE TABLE paper (id int, size text DEFAULT 'A4');
CREATE TABLE book (id int, size text, title text) INHERITS (paper);
CREATE TABLE map (LIKE paper) INHERITS (paper);
-- Children have the NOT NULL of the key, and not the key.
ALTER TABLE paper ADD PRIMARY KEY (id);
