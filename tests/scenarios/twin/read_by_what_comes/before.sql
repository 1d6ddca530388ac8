CREATE TABLE item (id bigint PRIMARY KEY, size integer, note text);
CREATE TABLE log (id bigint PRIMARY KEY, size bigint);
ALTER TABLE log ENABLE ROW LEVEL SECURITY;
CREATE POLICY listed ON log USING (EXISTS (SELECT 1 FROM item WHERE item.id = log.id));
CREATE RULE noted AS ON INSERT TO log DO ALSO UPDATE item SET note = 'noted' WHERE item.id = NEW.id;
CREATE FUNCTION largest() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT max(item.id) AS max FROM item; END;
CREATE MATERIALIZED VIEW sizes AS SELECT item.id FROM item;
