CREATE TABLE flags (id bigint PRIMARY KEY, done text DEFAULT 'no' NOT NULL);
CREATE INDEX flags_open ON flags (id) WHERE done = 'no';
