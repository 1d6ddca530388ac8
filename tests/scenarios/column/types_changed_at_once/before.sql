CREATE TABLE builds (
    id bigint PRIMARY KEY,
    name text DEFAULT 'none',
    number bigint DEFAULT 7,
    rerun_of bigint,
    CONSTRAINT builds_excl EXCLUDE USING btree (COALESCE(rerun_of, number) WITH =)
);
CREATE INDEX builds_order_idx ON builds (COALESCE(rerun_of, number) DESC, name) WHERE rerun_of > number;
