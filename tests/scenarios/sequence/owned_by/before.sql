CREATE SEQUENCE numbers;
CREATE TABLE tickets (id bigint DEFAULT nextval('numbers') NOT NULL);
