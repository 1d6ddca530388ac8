INSERT INTO counters VALUES ('a', 1), ('b', 2147483647);
