create table base (id integer, f text);
create table keeps (k integer, e integer, constraint e_positive check (e > 0)) inherits (base);
create table keeps_below () inherits (keeps);
create table loses (l integer) inherits (base);
create table loses_but_below () inherits (base);
create table below (b integer, e integer) inherits (loses_but_below);
create table declares (e integer) inherits (base);
