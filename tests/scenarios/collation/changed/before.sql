CREATE COLLATION c1 (provider = icu, locale = 'sv');
CREATE COLLATION gone (provider = icu, locale = 'sv');
COMMENT ON COLLATION c1 IS 'one';
