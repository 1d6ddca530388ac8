create table packages (id serial primary key, name text unique);
