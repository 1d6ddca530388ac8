CREATE TYPE kind AS ENUM ('early', 'late');
CREATE TABLE readings (id integer NOT NULL, kind kind NOT NULL, trial integer) PARTITION BY LIST (kind);
CREATE TABLE readings_early PARTITION OF readings FOR VALUES IN ('early');
CREATE TABLE readings_late PARTITION OF readings FOR VALUES IN ('late');
ALTER TABLE readings_late ADD CONSTRAINT readings_late_pkey PRIMARY KEY (id);
