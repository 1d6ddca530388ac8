CREATE TABLE logs (id bigint NOT NULL, line text, CONSTRAINT logs_pkey PRIMARY KEY (id));
