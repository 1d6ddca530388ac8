CREATE EXTENSION hstore;
GRANT EXECUTE ON FUNCTION akeys(hstore) TO app_reader;
