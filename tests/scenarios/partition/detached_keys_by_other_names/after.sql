CREATE TABLE p (
    id bigint,
    at date,
    code integer,
    CONSTRAINT p_pkey PRIMARY KEY (id, at),
    CONSTRAINT p_code_at_key UNIQUE (code, at)
) PARTITION BY RANGE (at);

CREATE TABLE kept (
    id bigint NOT NULL,
    at date NOT NULL,
    code integer,
    CONSTRAINT mine PRIMARY KEY (id, at),
    CONSTRAINT kept_code_at_key UNIQUE (code, at)
);

CREATE TABLE renamed (
    id bigint NOT NULL,
    at date NOT NULL,
    code integer,
    CONSTRAINT renamed_pkey PRIMARY KEY (id, at),
    CONSTRAINT code_of_renamed UNIQUE (code, at)
);

CREATE TABLE bare (id bigint NOT NULL, at date NOT NULL, code integer);

CREATE TABLE other (id bigint NOT NULL, at date NOT NULL, code integer, CONSTRAINT theirs UNIQUE (id, at));

CREATE TABLE stays PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
