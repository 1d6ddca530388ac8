CREATE TABLE members (team bigint NOT NULL, person bigint NOT NULL, CONSTRAINT members_pkey PRIMARY KEY (team, person));
