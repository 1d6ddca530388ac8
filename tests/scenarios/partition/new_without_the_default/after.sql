create table events (id bigint not null, at date not null, made timestamptz default now()) partition by range (at);
create table events_1 (id bigint not null, at date not null, made timestamptz default null);
alter table events attach partition events_1 for values from ('2024-01-01') to ('2025-01-01');
