CREATE TABLE users (id bigint PRIMARY KEY, plan text DEFAULT 'free');
