CREATE TABLE places (country text, code text, PRIMARY KEY (country, code));
CREATE TABLE trips (id bigint PRIMARY KEY, country text, code text, CONSTRAINT trips_place_fk FOREIGN KEY (country, code) REFERENCES places (country, code) MATCH FULL);
