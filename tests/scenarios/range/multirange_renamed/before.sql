CREATE TYPE price_span AS RANGE (subtype = numeric, multirange_type_name = price_spans);
CREATE TABLE offers (id bigint PRIMARY KEY, prices price_spans, price price_span);
CREATE VIEW open_offers AS SELECT id, prices FROM offers WHERE prices IS NOT NULL;
CREATE FUNCTION widest(offered price_spans) RETURNS price_span LANGUAGE sql RETURN NULL::price_span;
CREATE TYPE day_range AS RANGE (subtype = date);
