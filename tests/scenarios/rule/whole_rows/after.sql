CREATE TABLE items (id bigint PRIMARY KEY, name text, price numeric);
CREATE TABLE items_log (id bigint, name text, price numeric);
CREATE TABLE items_rows (item items, why text);
CREATE RULE a AS ON UPDATE TO items DO ALSO INSERT INTO items_log SELECT OLD.*;
CREATE RULE b AS ON UPDATE TO items WHERE NEW.* <> OLD.* DO ALSO INSERT INTO items_rows VALUES (OLD, 'was');
CREATE RULE c AS ON UPDATE TO items DO ALSO INSERT INTO items_rows SELECT OLD, 'was';
