CREATE TABLE payments (id bigint PRIMARY KEY, amount bigint NOT NULL, secret text);
CREATE TABLE others (id bigint PRIMARY KEY);
ALTER TABLE payments REPLICA IDENTITY FULL;
CREATE PUBLICATION large FOR TABLE payments WHERE (amount > 10), others;
CREATE PUBLICATION narrow FOR TABLE payments (id, amount), others WITH (publish = 'insert');
