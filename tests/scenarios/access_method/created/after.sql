CREATE ACCESS METHOD heaped TYPE TABLE HANDLER heap_tableam_handler;
CREATE ACCESS METHOD tree TYPE INDEX HANDLER bthandler;
COMMENT ON ACCESS METHOD tree IS 'as btree';
CREATE TABLE plain (a integer);
CREATE TABLE other (a integer) USING heaped;
CREATE OPERATOR CLASS whole DEFAULT FOR TYPE integer USING tree AS OPERATOR 3 =, FUNCTION 1 btint4cmp(integer, integer);
