CREATE TABLE events (
    id bigint PRIMARY KEY,
    code char(4) DEFAULT 'none' NOT NULL,
    amount numeric(8,2) CHECK (amount > 0),
    at timestamp
);
CREATE UNIQUE INDEX events_code ON events (code, amount);
CREATE INDEX events_at ON events (at DESC) WHERE amount > 10;
COMMENT ON COLUMN events.code IS 'Short';
COMMENT ON INDEX events_at IS 'Latest';
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
CREATE POLICY small ON events USING (amount < 1000);
