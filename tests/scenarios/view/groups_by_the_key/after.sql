CREATE TABLE items (id integer, name text, size integer, PRIMARY KEY (id) INCLUDE (size));
CREATE TABLE sales (item integer REFERENCES items (id), amount integer);
CREATE VIEW sold AS SELECT i.id, i.name, sum(s.amount) AS amount FROM items i JOIN sales s ON s.item = i.id GROUP BY i.id;
COMMENT ON VIEW sold IS 'Amounts by item';
CREATE VIEW well_sold AS SELECT * FROM sold WHERE amount > 10;
CREATE TABLE places (id integer, name text, CONSTRAINT places_other PRIMARY KEY (id));
CREATE MATERIALIZED VIEW visits AS SELECT id, name, count(*) AS n FROM places GROUP BY id;
CREATE INDEX visits_n ON visits (n);
CREATE TABLE notes (id integer, words text, CONSTRAINT notes_pkey PRIMARY KEY (id) INCLUDE (words));
CREATE FUNCTION put(note integer) RETURNS void LANGUAGE sql
    BEGIN ATOMIC
        INSERT INTO notes VALUES (note, 'a') ON CONFLICT ON CONSTRAINT notes_pkey DO NOTHING;
    END;
