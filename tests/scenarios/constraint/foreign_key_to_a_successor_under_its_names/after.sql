CREATE TABLE admin_add (
    id integer CONSTRAINT mod_add_pkey PRIMARY KEY
);
CREATE TABLE log (
    id integer PRIMARY KEY,
    add_id integer CONSTRAINT log_add_fkey REFERENCES admin_add
);
COMMENT ON CONSTRAINT log_add_fkey ON log IS 'what was added';
