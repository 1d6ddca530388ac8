CREATE TABLE builds (
    id bigint PRIMARY KEY,
    name text DEFAULT 'none',
    number int DEFAULT 8,
    rerun_of int,
    CONSTRAINT builds_excl EXCLUDE USING btree (COALESCE(rerun_of, number) WITH =)
);
CREATE INDEX builds_order_idx ON builds (COALESCE(rerun_of, number) DESC, name) WHERE rerun_of > number;
