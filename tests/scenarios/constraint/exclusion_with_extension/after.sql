CREATE EXTENSION btree_gist;
CREATE TABLE bookings (room integer, span tstzrange, CONSTRAINT no_overlap EXCLUDE USING gist (room WITH =, span WITH &&) DEFERRABLE);
