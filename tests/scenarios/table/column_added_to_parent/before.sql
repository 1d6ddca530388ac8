CREATE TABLE base (id bigint NOT NULL);
CREATE TABLE special (extra integer) INHERITS (base);
