CREATE DOMAIN email AS text CONSTRAINT email_shape CHECK (VALUE ~ '^[^@]+@[^@]+$');
CREATE TABLE people (id bigint PRIMARY KEY, mail email);
