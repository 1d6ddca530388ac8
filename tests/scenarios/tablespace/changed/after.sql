SET default_tablespace = slow;
CREATE TABLE t (a integer, b integer);
RESET ALL;
CREATE INDEX by_b ON t (b);
CREATE TABLE stays (a integer) TABLESPACE fast;
