CREATE TABLE event (id bigint NOT NULL, at date NOT NULL, what text, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE event_low PARTITION OF event FOR VALUES FROM (MINVALUE) TO (1000);
CREATE TABLE event_high PARTITION OF event FOR VALUES FROM (1000) TO (MAXVALUE);
CREATE TABLE note (id bigint PRIMARY KEY, event bigint REFERENCES event (id), text text);
