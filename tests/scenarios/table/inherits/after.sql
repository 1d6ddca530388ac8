CREATE TABLE base (id bigint NOT NULL, note text);
CREATE TABLE special (extra integer) INHERITS (base);
