CREATE TABLE t (id bigint PRIMARY KEY);
CREATE TABLE f (id int PRIMARY KEY,
    -- @renamed_from email
    mail bigint REFERENCES t,
    -- @renamed_from code
    label text UNIQUE CHECK (label <> ''));
CREATE INDEX f_mail_idx ON f (mail);
