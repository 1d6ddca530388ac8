CREATE TABLE bookings (id bigint PRIMARY KEY, span tstzrange NOT NULL, CONSTRAINT no_overlap EXCLUDE USING gist (span WITH &&) WHERE (id > 0));
