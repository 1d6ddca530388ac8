CREATE FUNCTION handler(internal) RETURNS index_am_handler LANGUAGE internal AS 'bthandler';
CREATE ACCESS METHOD tree TYPE INDEX HANDLER bthandler;
CREATE ACCESS METHOD gone TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE t (a integer) USING gone;
CREATE ACCESS METHOD second TYPE TABLE HANDLER heap_tableam_handler;
