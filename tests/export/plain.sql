-- Only steps that may share a transaction.

CREATE TABLE customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name varchar(200) NOT NULL,
    email text,
    extra jsonb DEFAULT '{"a": "? :b %s"}'::jsonb,
    vip boolean NOT NULL DEFAULT false
);

CREATE INDEX customers_name_idx ON customers (name);

CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL,
    state text NOT NULL DEFAULT 'new',
    total numeric(10,2)
);

CREATE TABLE notes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body text NOT NULL
);

CREATE FUNCTION label(c customers) RETURNS text LANGUAGE sql STABLE AS $$ SELECT c.name || ';' $$;
