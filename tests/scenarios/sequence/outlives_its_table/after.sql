create sequence packages_id_seq as integer;
create table crates (
    id int not null default nextval('packages_id_seq'::regclass),
    name text,
    constraint packages_pkey primary key (id),
    constraint packages_name_key unique (name)
);
alter sequence packages_id_seq owned by crates.id;
