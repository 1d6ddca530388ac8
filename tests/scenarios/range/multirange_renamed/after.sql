-- The name that PostgreSQL gives by itself.
CREATE TYPE price_span AS RANGE (subtype = numeric);
CREATE TABLE offers (id bigint PRIMARY KEY, prices price_span_multirange, price price_span);
CREATE VIEW open_offers AS SELECT id, prices FROM offers WHERE prices IS NOT NULL;
CREATE FUNCTION widest(offered price_span_multirange) RETURNS price_span LANGUAGE sql RETURN NULL::price_span;
CREATE TYPE day_range AS RANGE (subtype = date, multirange_type_name = days);
