CREATE FUNCTION next_code() RETURNS text LANGUAGE sql AS $$ SELECT 'T-' || floor(random() * 1000)::text $$;
CREATE TABLE tickets (id bigint PRIMARY KEY, code text DEFAULT next_code());
