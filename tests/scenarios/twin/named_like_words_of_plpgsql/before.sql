CREATE TABLE t (id int PRIMARY KEY, "by" int, "while" int NOT NULL, strict text, "declare" int);
