CREATE TYPE state AS ENUM ('new', 'open', 'done');
CREATE TABLE jobs (id bigint PRIMARY KEY, state state DEFAULT 'new' NOT NULL);
CREATE TABLE repairs (part text, CHECK (state <> 'done' OR part <> '')) INHERITS (jobs);
CREATE INDEX repairs_state ON repairs (state) WHERE state = 'open';
