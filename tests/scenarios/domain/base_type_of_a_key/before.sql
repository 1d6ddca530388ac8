CREATE DOMAIN code AS varchar(10) NOT NULL CHECK (VALUE ~ '^[a-z]+$') CHECK (VALUE <> 'none');
CREATE TABLE countries (code code PRIMARY KEY, name text);
CREATE TABLE towns (id int PRIMARY KEY, country code REFERENCES countries);
CREATE TABLE ports (depth int) INHERITS (towns);
