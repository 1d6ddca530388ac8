INSERT INTO orders (id, total) VALUES (1001, 4000000000);
INSERT INTO refunds (id, total) VALUES (1001, 3000000000);
INSERT INTO refunds (id) VALUES (1002);
SELECT count(*) FROM large;
