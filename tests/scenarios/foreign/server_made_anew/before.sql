CREATE FOREIGN DATA WRAPPER elsewhere;
CREATE SERVER store VERSION '2' FOREIGN DATA WRAPPER elsewhere;
CREATE FOREIGN TABLE stock (id bigint, article text) SERVER store;
CREATE VIEW articles AS SELECT article FROM stock;
