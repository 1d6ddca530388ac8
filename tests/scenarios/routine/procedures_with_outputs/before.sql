CREATE PROCEDURE book(IN a integer, OUT b text) LANGUAGE plpgsql AS 'BEGIN b := a; END';
CREATE PROCEDURE book(integer, text) LANGUAGE plpgsql AS 'BEGIN END';
COMMENT ON PROCEDURE book(IN integer, IN text) IS 'an entry';
CREATE PROCEDURE gone(OUT integer) LANGUAGE plpgsql AS 'BEGIN END';
CREATE PROCEDURE gone(text) LANGUAGE plpgsql AS 'BEGIN END';
CREATE PROCEDURE other(OUT a integer, b integer) LANGUAGE plpgsql AS 'BEGIN END';
