CREATE TABLE events (id bigint PRIMARY KEY, number bigint NOT NULL, amount bigint NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX events_number ON events (number);
ALTER TABLE events REPLICA IDENTITY USING INDEX events_number;
CREATE PUBLICATION sent FOR TABLE events;
