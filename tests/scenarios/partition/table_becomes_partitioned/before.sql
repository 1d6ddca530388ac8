CREATE TABLE customer (id int PRIMARY KEY);
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := coalesce(NEW.note, 'new'); RETURN NEW; END $$;
CREATE TABLE event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at date NOT NULL,
    customer int REFERENCES customer (id),
    note text,
    data json,
    twice bigint GENERATED ALWAYS AS (customer * 2) STORED,
    CONSTRAINT note_is_short CHECK (length(note) < 100)
);
CREATE INDEX event_customer ON event (customer);
CREATE INDEX event_at ON event USING brin (at);
COMMENT ON TABLE event IS 'what happened';
COMMENT ON COLUMN event.note IS 'in words';
CREATE TRIGGER stamp BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION stamp();
GRANT SELECT, INSERT ON event TO PUBLIC;
ALTER TABLE event ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_rows ON event USING (true);
CREATE VIEW recent AS SELECT id, at, note FROM event WHERE at > '2024-06-01';
GRANT SELECT ON recent TO PUBLIC;
CREATE TABLE ticket (id serial PRIMARY KEY, label text UNIQUE);
CREATE TABLE holder (id int PRIMARY KEY, ticket int NOT NULL REFERENCES ticket (id) ON DELETE CASCADE);
CREATE INDEX holder_ticket ON holder (ticket);
CREATE TABLE nothing_below (id int PRIMARY KEY, line text);
COMMENT ON CONSTRAINT holder_ticket_fkey ON holder IS 'who holds what';
CREATE TABLE odd (here int NOT NULL, there text, PRIMARY KEY (here));
CREATE TABLE odd_holder (id int PRIMARY KEY, here int NOT NULL REFERENCES odd (here));
