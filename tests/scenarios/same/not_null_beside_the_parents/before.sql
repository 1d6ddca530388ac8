CREATE TABLE base (id integer, code varchar(10) NOT NULL);
CREATE TABLE one (CONSTRAINT own_code NOT NULL code) INHERITS (base);
CREATE TABLE two () INHERITS (base);
