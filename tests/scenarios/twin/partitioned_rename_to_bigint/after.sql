create table ev (
  -- @renamed_from id
  number bigint not null, at date not null,
  -- @renamed_from code
  label text, total numeric(12,4), primary key (number, at), constraint ev_code_key unique (label, at)) partition by range (at);
create index idx_ev_code on ev (label);
create unique index idx_ev_u on ev (label, number, at) where total is not null;
create table ev_a partition of ev for values from ('2024-01-01') to ('2025-01-01');
create table ev_b partition of ev default partition by hash (at);
create table ev_b1 partition of ev_b for values with (modulus 2, remainder 0);
create table ev_b2 partition of ev_b for values with (modulus 2, remainder 1);
create table ref (eid bigint, at date, foreign key (eid, at) references ev);
create view v as select number as id, label as code from ev;
