CREATE TABLE t (id int PRIMARY KEY);
CREATE TABLE f (id int PRIMARY KEY, email int REFERENCES t, code text UNIQUE CHECK (code <> ''));
CREATE INDEX f_email_idx ON f (email);
