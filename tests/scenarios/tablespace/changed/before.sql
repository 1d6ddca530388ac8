SET default_tablespace = fast;
CREATE TABLE t (a integer, b integer);
CREATE INDEX by_b ON t (b);
CREATE TABLE stays (a integer);
