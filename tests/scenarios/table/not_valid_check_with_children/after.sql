CREATE TABLE other (n int);
CREATE TABLE trip (at date);
CREATE TABLE trip_by_sea (CONSTRAINT not_before CHECK (at > '2009-01-01')) INHERITS (trip);
CREATE TABLE trip_by_land () INHERITS (trip);
ALTER TABLE trip ADD CONSTRAINT not_after CHECK (at <= '2030-01-01') NOT VALID;
