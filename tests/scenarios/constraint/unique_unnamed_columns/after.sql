CREATE TABLE users (id bigint PRIMARY KEY, email text UNIQUE, tenant integer, UNIQUE (tenant, email));
