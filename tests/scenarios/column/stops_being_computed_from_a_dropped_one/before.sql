create table users (id int primary key, a int, b int, c int generated always as (a + b) stored);
