CREATE TABLE customer (id int PRIMARY KEY);
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := coalesce(NEW.note, 'new'); RETURN NEW; END $$;
CREATE TABLE event (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at date NOT NULL,
    customer int REFERENCES customer (id),
    note text,
    data json,
    twice bigint GENERATED ALWAYS AS (customer * 2) STORED,
    CONSTRAINT note_is_short CHECK (length(note) < 100),
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX event_customer ON event (customer);
CREATE INDEX event_at ON event USING brin (at);
COMMENT ON TABLE event IS 'what happened';
COMMENT ON COLUMN event.note IS 'in words';
CREATE TABLE event_2023 PARTITION OF event FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE event_2024 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY RANGE (at);
CREATE TABLE event_2024_rest PARTITION OF event_2024 DEFAULT;
CREATE TRIGGER stamp BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION stamp();
GRANT SELECT, INSERT ON event TO PUBLIC;
ALTER TABLE event ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_rows ON event USING (true);
CREATE VIEW recent AS SELECT id, at, note FROM event WHERE at > '2024-06-01';
GRANT SELECT ON recent TO PUBLIC;
CREATE TABLE ticket (id serial PRIMARY KEY, label text, UNIQUE (label, id)) PARTITION BY HASH (id);
CREATE TABLE ticket_0 PARTITION OF ticket FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE ticket_1 PARTITION OF ticket FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE holder (id int PRIMARY KEY, ticket int NOT NULL REFERENCES ticket (id) ON DELETE CASCADE);
CREATE INDEX holder_ticket ON holder (ticket);
CREATE TABLE nothing_below (id int PRIMARY KEY, line text) PARTITION BY RANGE (id);
COMMENT ON CONSTRAINT holder_ticket_fkey ON holder IS 'who holds what';
CREATE TRIGGER leaf BEFORE UPDATE ON event_2023 FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE TABLE odd (here int NOT NULL, there text, PRIMARY KEY (here)) PARTITION BY LIST (here);
CREATE TABLE odd_1 PARTITION OF odd FOR VALUES IN (1);
CREATE TABLE odd_holder (id int PRIMARY KEY, here int NOT NULL REFERENCES odd (here));
