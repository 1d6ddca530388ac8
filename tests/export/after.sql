-- Steps of every class, and texts that mean something in the languages of the runners.

CREATE TABLE customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name varchar(200) NOT NULL,
    email text UNIQUE,
    extra jsonb DEFAULT '{"a": "${HOME} %s %(x)s :name ? `id` #{1} \\ ''''"}'::jsonb,
    token uuid NOT NULL DEFAULT gen_random_uuid(),
    CONSTRAINT extra_is_known CHECK (extra IS NULL OR extra ? 'a' OR NOT extra @? '$.b ? (@ > 1)' OR name LIKE '%:x')
);

COMMENT ON TABLE customers IS 'who buys: ${x} `y` """ '''' \ %d :z ? #{w} <?php ?> {{t}} EOS SQL -- @a';

CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers (id),
    state text NOT NULL DEFAULT 'new',
    total numeric(10,2) CHECK (total >= 0)
);

CREATE INDEX orders_open_idx ON orders (customer_id, state) WHERE state <> 'sent';

CREATE FUNCTION label(c customers) RETURNS text LANGUAGE plpgsql STABLE AS $body$
-- A comment in a body; and a semicolon; "quotes" 'too' `and` ${these} #{those}.
DECLARE
    parts text[] := ARRAY['a', 'b', 'c'];
BEGIN

    -- blank lines and :colons, %per cent, \backslashes\n, """ and '''
    IF c.extra ? 'a' AND c.extra ?| parts[1:2] THEN
        RETURN format('%s <%s> \d', c.name, c.email) || $in$ SQL
SQL
EOS `${c}` $in$;
    END IF;
    RETURN c.name::text;
END;
$body$;
