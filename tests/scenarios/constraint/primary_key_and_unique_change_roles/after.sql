CREATE TABLE status (processor text NOT NULL, place int NOT NULL, CONSTRAINT status_pkey1 PRIMARY KEY (processor));
ALTER TABLE status ADD CONSTRAINT status_pkey UNIQUE (processor);
CREATE TABLE seats (row int NOT NULL, seat int NOT NULL, CONSTRAINT seats_key PRIMARY KEY (seat), CONSTRAINT seats_pkey UNIQUE (row));
