CREATE TABLE p (
    id bigint,
    code integer,
    CONSTRAINT p_pkey PRIMARY KEY (id),
    CONSTRAINT p_code_id_key UNIQUE (code, id)
) PARTITION BY RANGE (id);

CREATE TABLE two PARTITION OF p FOR VALUES FROM (100) TO (200);
ALTER TABLE p RENAME COLUMN code TO word;

CREATE TABLE first (
    id bigint NOT NULL,
    word integer,
    CONSTRAINT first_pkey PRIMARY KEY (id),
    CONSTRAINT first_word_id_key UNIQUE (word, id)
);
