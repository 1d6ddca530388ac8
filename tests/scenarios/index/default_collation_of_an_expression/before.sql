CREATE TABLE names (id integer, name text COLLATE "C", other text);
CREATE INDEX by_name ON names (lower(name));
CREATE INDEX by_other ON names (lower(other));
CREATE INDEX by_both ON names ((lower(name)) COLLATE "default");
