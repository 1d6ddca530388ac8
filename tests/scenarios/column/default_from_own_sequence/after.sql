CREATE SEQUENCE ticket_numbers START 1000;
CREATE TABLE tickets (id bigint DEFAULT nextval('ticket_numbers'::regclass) NOT NULL, title text);
