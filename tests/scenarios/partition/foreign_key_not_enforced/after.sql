CREATE TABLE parents (id integer PRIMARY KEY);
CREATE TABLE lines (id integer, parent integer, CONSTRAINT line_parent FOREIGN KEY (parent) REFERENCES parents NOT ENFORCED) PARTITION BY RANGE (id);
CREATE TABLE lines_rest PARTITION OF lines DEFAULT;
COMMENT ON CONSTRAINT line_parent ON lines IS 'of the parent';
