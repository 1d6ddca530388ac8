CREATE TABLE animals (name text);
CREATE TABLE mammals () INHERITS (animals);
CREATE TABLE whales () INHERITS (mammals);
CREATE TABLE birds (name text) INHERITS (animals);
ALTER TABLE mammals ALTER COLUMN name SET STATISTICS 20;
