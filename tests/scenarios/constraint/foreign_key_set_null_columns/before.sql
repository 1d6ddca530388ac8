CREATE TABLE users (tenant bigint, id bigint, PRIMARY KEY (tenant, id));
CREATE TABLE posts (tenant bigint, author bigint);
