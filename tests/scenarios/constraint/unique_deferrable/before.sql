CREATE TABLE users (id bigint PRIMARY KEY, rank integer, CONSTRAINT users_rank_key UNIQUE (rank));
