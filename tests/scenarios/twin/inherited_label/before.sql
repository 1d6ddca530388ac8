CREATE TYPE state AS ENUM ('new', 'open', 'done', 'lost');
CREATE TABLE jobs (id bigint PRIMARY KEY, state state DEFAULT 'new' NOT NULL CHECK (state <> 'lost'));
CREATE TABLE repairs (part text, CHECK (state <> 'done' OR part <> '')) INHERITS (jobs);
CREATE INDEX repairs_state ON repairs (state) WHERE state = 'open';
