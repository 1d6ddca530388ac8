CREATE TABLE "user" (group_id integer UNIQUE);
CREATE TABLE groups (id integer NOT NULL, UNIQUE (id)) PARTITION BY RANGE (id);
CREATE TABLE user_group PARTITION OF groups FOR VALUES FROM (0) TO (100);
