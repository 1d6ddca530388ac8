CREATE TABLE users (id bigint PRIMARY KEY, tenant integer, email text, CONSTRAINT users_email_key UNIQUE (tenant, email));
