CREATE TABLE base (id integer, code varchar(10) NOT NULL);
CREATE TABLE one () INHERITS (base);
CREATE TABLE two (CONSTRAINT own_code NOT NULL code) INHERITS (base);
