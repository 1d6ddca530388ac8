CREATE TABLE t (a integer, b integer);
ALTER TABLE t
    ADD CHECK (a > 0),
    ADD CHECK (a < 9),
    ADD COLUMN c integer CHECK (c > 0),
    ADD CHECK (c < 9),
    ADD UNIQUE (a),
    ADD UNIQUE (a) INCLUDE (b),
    ADD UNIQUE (a, b),
    ADD EXCLUDE USING btree (b WITH =),
    ADD EXCLUDE USING btree (b WITH =) WHERE (b > 3);
ALTER TABLE t SET SCHEMA public;
