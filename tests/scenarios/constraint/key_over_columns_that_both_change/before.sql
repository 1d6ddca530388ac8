create table a (id uuid primary key, other uuid unique);
create table b (a uuid, constraint b_a_fkey foreign key (a) references a (id));
create view v as select a.id, b.a from a join b on a.id = b.a;
