create type version as enum ('split', 'relational');
create table t (id int primary key, version version not null);
create view v as select id, version from t;
