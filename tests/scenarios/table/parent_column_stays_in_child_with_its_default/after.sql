create table p (id integer);
create table c (a integer default 5) inherits (p);
create table e () inherits (p);
create table below () inherits (c);
create table zq (id integer, d integer);
create table q (id integer);
create table m (d integer) inherits (q);
create table dia (d integer) inherits (q, zq);
