CREATE FUNCTION handler(internal) RETURNS index_am_handler LANGUAGE internal AS 'bthandler';
CREATE ACCESS METHOD tree TYPE INDEX HANDLER handler;
COMMENT ON ACCESS METHOD tree IS 'by a function of ours';
CREATE ACCESS METHOD second TYPE TABLE HANDLER heap_tableam_handler;
SET default_table_access_method = second;
CREATE TABLE t (a integer);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
SET default_table_access_method = heap;
CREATE TABLE new (a integer);
