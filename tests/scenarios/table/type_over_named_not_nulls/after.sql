CREATE TABLE base (id integer NOT NULL, code varchar(20) CONSTRAINT code_there NOT NULL, note varchar(20) NOT NULL);
COMMENT ON CONSTRAINT code_there ON base IS 'a name of its own';
CREATE TABLE declares (code varchar(20) NOT NULL) INHERITS (base);
CREATE TABLE inherits (CONSTRAINT note_there NOT NULL note) INHERITS (base);
CREATE TABLE accepts (id integer NOT NULL, code varchar(20));
CREATE TABLE refuses (code varchar(20) NOT NULL) INHERITS (accepts);
CREATE TABLE quiet (code varchar(20) NOT NULL);
CREATE TABLE silent (code varchar(20)) INHERITS (quiet);
