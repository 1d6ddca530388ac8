CREATE FOREIGN DATA WRAPPER elsewhere;
CREATE SERVER store FOREIGN DATA WRAPPER elsewhere;
CREATE FOREIGN TABLE stock (id integer, article text) SERVER store;
CREATE VIEW articles AS SELECT article FROM stock;
