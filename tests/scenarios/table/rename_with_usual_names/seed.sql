INSERT INTO users (email, age) VALUES ('a@x', 1), ('b@x', 2); INSERT INTO orders VALUES (1, 2); INSERT INTO tags VALUES (1, 'a');
