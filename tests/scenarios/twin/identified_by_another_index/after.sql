CREATE TABLE events (id bigint NOT NULL, external text NOT NULL, amount bigint NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX events_external ON events (external);
CREATE INDEX events_amount ON events (amount);
ALTER TABLE events REPLICA IDENTITY USING INDEX events_external;
CREATE PUBLICATION sent FOR TABLE events;
