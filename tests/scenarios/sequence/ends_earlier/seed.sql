SELECT nextval('up'), nextval('down');
INSERT INTO t DEFAULT VALUES;
