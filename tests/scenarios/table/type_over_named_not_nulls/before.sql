CREATE TABLE base (id integer NOT NULL, code varchar(10) CONSTRAINT code_there NOT NULL, note varchar(10) NOT NULL);
COMMENT ON CONSTRAINT code_there ON base IS 'a name of its own';
CREATE TABLE declares (code varchar(10) NOT NULL) INHERITS (base);
CREATE TABLE inherits (CONSTRAINT note_there NOT NULL note) INHERITS (base);
CREATE TABLE accepts (id integer NOT NULL, code varchar(10) NOT NULL);
CREATE TABLE refuses (code varchar(10) NOT NULL) INHERITS (accepts);
CREATE TABLE quiet (code varchar(10) NOT NULL);
CREATE TABLE silent (code varchar(10)) INHERITS (quiet);
