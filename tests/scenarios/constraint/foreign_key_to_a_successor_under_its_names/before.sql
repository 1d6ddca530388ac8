CREATE TABLE mod_add (
    id integer CONSTRAINT mod_add_pkey PRIMARY KEY
);
CREATE TABLE log (
    id integer PRIMARY KEY,
    add_id integer CONSTRAINT log_add_fkey REFERENCES mod_add
);
INSERT INTO log VALUES (1, NULL);
