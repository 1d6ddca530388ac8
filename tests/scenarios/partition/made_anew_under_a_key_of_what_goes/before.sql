CREATE TABLE readings (id integer NOT NULL, kind varchar(10) NOT NULL, trial integer) PARTITION BY LIST (kind);
CREATE TABLE readings_early PARTITION OF readings FOR VALUES IN ('early');
CREATE TABLE readings_late PARTITION OF readings FOR VALUES IN ('late');
ALTER TABLE readings_late ADD CONSTRAINT readings_late_pkey PRIMARY KEY (id);
CREATE TABLE trials (id integer PRIMARY KEY, latest integer REFERENCES readings_late (id));
