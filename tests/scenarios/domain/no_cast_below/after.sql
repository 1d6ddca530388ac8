CREATE TABLE blocks (id bigint PRIMARY KEY, hash bigint);
