CREATE TABLE parcels (id bigint, class text DEFAULT 'standard');
CREATE TABLE letters () INHERITS (parcels);
CREATE TABLE cards () INHERITS (letters);
ALTER TABLE ONLY letters ALTER COLUMN class SET DEFAULT 'letter';
