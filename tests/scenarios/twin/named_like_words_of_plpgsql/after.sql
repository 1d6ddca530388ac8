CREATE TABLE t (id int PRIMARY KEY, "by" bigint, "while" bigint NOT NULL, strict text,
    -- @renamed_from declare
    "foreach" int);
