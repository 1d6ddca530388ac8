CREATE TABLE base (id bigint NOT NULL, CONSTRAINT id_positive CHECK (id > 0));
CREATE TABLE special (extra integer) INHERITS (base);
