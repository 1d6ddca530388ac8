CREATE TABLE base (id bigint NOT NULL, note text);
CREATE TABLE special (id bigint NOT NULL, note text, extra integer);
