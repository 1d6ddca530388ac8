CREATE TABLE a (id int,
    -- @renamed_from x
    y int);
CREATE TABLE b (id int,
    -- @renamed_from x
    y int);
CREATE TABLE c () INHERITS (a, b);
