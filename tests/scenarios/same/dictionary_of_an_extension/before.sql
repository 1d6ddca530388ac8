CREATE EXTENSION unaccent WITH SCHEMA public;
CREATE SCHEMA words;
CREATE TEXT SEARCH CONFIGURATION words.plain (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION words.plain ALTER MAPPING FOR word, hword, hword_part WITH public.unaccent, simple;
CREATE TEXT SEARCH DICTIONARY words.marks (TEMPLATE = public.unaccent, RULES = 'unaccent');
