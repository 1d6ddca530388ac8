create table t (id int primary key, version int not null);
create view v as select id, version from t;
