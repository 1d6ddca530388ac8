CREATE TABLE users (id bigint NOT NULL, email text, CONSTRAINT users_pkey PRIMARY KEY (id));
