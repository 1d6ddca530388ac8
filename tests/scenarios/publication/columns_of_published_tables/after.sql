CREATE TABLE whole (id int PRIMARY KEY, n text, more text);
CREATE TABLE parts (
    id int PRIMARY KEY,
    -- @renamed_from n
    m text,
    -- @renamed_from old_name
    new_name text
);
CREATE PUBLICATION pub FOR TABLE whole, TABLE parts (id, m) WHERE (id > 5);
