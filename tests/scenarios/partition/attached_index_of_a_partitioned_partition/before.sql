create table runs (id int, at date, state text) partition by range (at);
create table runs_1 partition of runs for values from ('2024-01-01') to ('2025-01-01') partition by list (state);
create table runs_1_a partition of runs_1 for values in ('a');
