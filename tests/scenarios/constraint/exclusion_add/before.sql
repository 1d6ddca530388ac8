CREATE TABLE bookings (id bigint PRIMARY KEY, span tstzrange NOT NULL);
