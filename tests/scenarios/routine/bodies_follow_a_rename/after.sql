CREATE TABLE people (
    id int PRIMARY KEY,
    -- @renamed_from name
    full_name text NOT NULL,
    x int
);
CREATE TABLE parts (
    id int,
    -- @renamed_from label
    title text
) PARTITION BY RANGE (id);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (100);
CREATE FUNCTION upper_label() RETURNS trigger LANGUAGE plpgsql AS 'begin new.title := upper(new.title); return new; end';
CREATE TRIGGER upper_label BEFORE INSERT ON parts FOR EACH ROW EXECUTE FUNCTION upper_label();
CREATE FUNCTION names() RETURNS bigint LANGUAGE sql AS 'select count(full_name) from people';
-- @renamed_from notes
CREATE TABLE remarks (id int PRIMARY KEY, line text);
CREATE FUNCTION lines() RETURNS bigint LANGUAGE sql AS 'select count(line) from remarks';
-- @renamed_from orders
CREATE TABLE purchases (
    id int PRIMARY KEY,
    -- @renamed_from qty
    amount int
);
CREATE FUNCTION total() RETURNS bigint LANGUAGE sql AS 'select sum(amount) from purchases';
