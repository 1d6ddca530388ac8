-- What only PostgreSQL 18 and later have.
create table nulls (
    a int constraint named not null,
    b int constraint here_only not null no inherit,
    c int,
    plain int not null
);
alter table nulls add constraint later not null c not valid;
create table loose (a int not null, b int check (b > 0) not enforced, c int generated always as (b + 1) virtual);
create table bookings (id int4range, during tstzrange, primary key (id, during without overlaps));
create table stays (id int4range, during tstzrange, foreign key (id, period during) references bookings (id, period during));
create table parted (a int not null, k int generated always as identity) partition by list (a);
create table parted_1 partition of parted for values in (1);
