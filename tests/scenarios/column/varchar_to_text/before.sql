CREATE TABLE users (id bigint PRIMARY KEY, name character varying(20) DEFAULT 'x'::character varying);
