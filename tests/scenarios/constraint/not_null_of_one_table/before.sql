CREATE TABLE base (id integer, a integer, b integer CONSTRAINT b_there NOT NULL, c varchar(10) CONSTRAINT c_there NOT NULL NO INHERIT);
CREATE TABLE child () INHERITS (base);
CREATE TABLE other (CONSTRAINT own_c NOT NULL c) INHERITS (base);
