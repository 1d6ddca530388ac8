CREATE TABLE status (processor text NOT NULL, place int NOT NULL, CONSTRAINT status_pkey PRIMARY KEY (processor));
CREATE TABLE seats (row int NOT NULL, seat int NOT NULL, CONSTRAINT seats_pkey PRIMARY KEY (row), CONSTRAINT seats_key UNIQUE (seat));
