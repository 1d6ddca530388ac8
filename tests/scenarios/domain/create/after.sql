CREATE TABLE keep (id bigint PRIMARY KEY);
CREATE DOMAIN email AS text COLLATE "C" DEFAULT 'nobody@example.org' NOT NULL CONSTRAINT email_shape CHECK (VALUE LIKE '%@%') CHECK (length(VALUE) < 200);
CREATE DOMAIN work_email AS email;
CREATE TABLE people (id bigint PRIMARY KEY, mail email, work work_email[]);
