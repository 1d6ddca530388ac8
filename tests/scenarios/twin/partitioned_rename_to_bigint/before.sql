create table ev (id integer not null, at date not null, code text, total numeric(10,2), primary key (id, at), constraint ev_code_key unique (code, at)) partition by range (at);
create index idx_ev_code on ev (code);
create unique index idx_ev_u on ev (code, id, at) where total is not null;
create table ev_a partition of ev for values from ('2024-01-01') to ('2025-01-01');
create table ev_b partition of ev default partition by hash (at);
create table ev_b1 partition of ev_b for values with (modulus 2, remainder 0);
create table ev_b2 partition of ev_b for values with (modulus 2, remainder 1);
create table ref (eid integer, at date, foreign key (eid, at) references ev);
create view v as select id, code from ev;
