-- The schema that the exported plan starts from.

CREATE TABLE customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name varchar(60) NOT NULL,
    email text,
    extra jsonb
);

CREATE INDEX customers_name_idx ON customers (name);

CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL,
    state text NOT NULL DEFAULT 'new',
    total numeric(10,2)
);

CREATE FUNCTION label(c customers) RETURNS text LANGUAGE sql STABLE AS $$ SELECT c.name $$;
