CREATE EXTENSION unaccent WITH SCHEMA public;
CREATE SCHEMA words;
SET search_path = words, public;
CREATE TEXT SEARCH CONFIGURATION plain (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION plain ALTER MAPPING FOR word, hword, hword_part WITH unaccent, simple;
CREATE TEXT SEARCH DICTIONARY marks (TEMPLATE = unaccent, RULES = 'unaccent');
