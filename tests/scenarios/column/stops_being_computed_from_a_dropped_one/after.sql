create table users (id int primary key, b int, c int);
