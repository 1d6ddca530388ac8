CREATE TABLE event (id bigint NOT NULL, at date NOT NULL, what text, PRIMARY KEY (id));
