create type state as enum ('new', 'old', 'gone');
create table jobs (id int primary key, state state not null default 'new', check (state <> 'old'));
create index jobs_open on jobs (id) where state = 'new';
create view open_jobs as select id, state from jobs where state = 'new';
create function is_open(s state) returns boolean language sql immutable as $$ select s = 'new' $$;
create function leaves(s state) returns boolean language sql immutable as $$ select s = 'gone' $$;
