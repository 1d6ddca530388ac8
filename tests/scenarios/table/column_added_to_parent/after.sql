CREATE TABLE base (id bigint NOT NULL, note text DEFAULT 'x');
CREATE TABLE special (extra integer) INHERITS (base);
