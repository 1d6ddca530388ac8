CREATE TABLE payments (id bigint PRIMARY KEY, amount integer NOT NULL, paid boolean NOT NULL DEFAULT false);
CREATE FUNCTION total() RETURNS numeric LANGUAGE sql STABLE BEGIN ATOMIC SELECT sum(payments.amount)::numeric FROM payments; END;
CREATE VIEW sums AS SELECT total() AS total;
CREATE PROCEDURE settle(at_least bigint) LANGUAGE sql BEGIN ATOMIC UPDATE payments SET paid = true WHERE payments.amount >= at_least; END;
