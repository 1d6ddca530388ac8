CREATE TABLE sales (id bigint PRIMARY KEY, day date, total numeric);
