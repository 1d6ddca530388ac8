CREATE SCHEMA app;
CREATE DEFAULT CONVERSION c FOR 'latin1' TO 'utf-8' FROM iso8859_1_to_utf8;
CREATE CONVERSION app.back FOR 'Unicode' TO 'ISO-8859-1' FROM pg_catalog.utf8_to_iso8859_1;
COMMENT ON CONVERSION app.back IS 'back';
