CREATE TABLE p (
    id int PRIMARY KEY,
    n bigint,
    -- @renamed_from old_name
    new_name text,
    plain int
);
GRANT SELECT (n), UPDATE (n) ON p TO PUBLIC;
GRANT SELECT (new_name) ON p TO PUBLIC;
GRANT SELECT (plain) ON p TO PUBLIC;
