CREATE TABLE parcels (id bigint);
CREATE TABLE letters () INHERITS (parcels);
CREATE TABLE cards () INHERITS (letters);
