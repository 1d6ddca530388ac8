CREATE TABLE tokens (id bigint PRIMARY KEY, secret uuid DEFAULT gen_random_uuid());
