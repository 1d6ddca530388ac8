CREATE SEQUENCE numbers;
CREATE TABLE tickets (id bigint DEFAULT nextval('numbers') NOT NULL);
ALTER SEQUENCE numbers OWNED BY tickets.id;
