create table events (id bigint not null, at date not null, made timestamptz default now()) partition by range (at);
