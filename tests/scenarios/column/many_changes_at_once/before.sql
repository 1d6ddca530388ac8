CREATE TABLE users (
    id bigint PRIMARY KEY,
    name character varying(50),
    email text,
    fax text,
    score integer DEFAULT 0
);
