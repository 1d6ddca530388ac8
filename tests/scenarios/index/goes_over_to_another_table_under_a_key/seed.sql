INSERT INTO plain VALUES ('a', 1);
INSERT INTO parted VALUES ('a', 1);
INSERT INTO uses VALUES ('a', 1);
