CREATE SEQUENCE tickets_number_seq AS integer;
CREATE TABLE tickets (number integer DEFAULT nextval('tickets_number_seq'::regclass) NOT NULL, title text);
ALTER SEQUENCE tickets_number_seq OWNED BY tickets.number;
ALTER TABLE tickets ADD CONSTRAINT tickets_pkey PRIMARY KEY (number);
