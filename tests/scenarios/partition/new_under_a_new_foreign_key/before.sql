CREATE TABLE before (id int);
