CREATE COLLATION c1 (provider = icu, locale = 'sv-u-co-standard', deterministic = false);
COMMENT ON COLLATION c1 IS 'two';
