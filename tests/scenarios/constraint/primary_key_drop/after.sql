CREATE TABLE members (team bigint NOT NULL);
