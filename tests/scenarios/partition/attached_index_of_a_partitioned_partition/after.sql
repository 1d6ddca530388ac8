create table runs (id int, at date, state text) partition by range (at);
create table runs_1 partition of runs for values from ('2024-01-01') to ('2025-01-01') partition by list (state);
create table runs_1_a partition of runs_1 for values in ('a');
create index runs_id on only runs (id);
create index runs_1_id on only runs_1 (id);
create index runs_1_a_id on runs_1_a (id);
alter index runs_1_id attach partition runs_1_a_id;
alter index runs_id attach partition runs_1_id;
