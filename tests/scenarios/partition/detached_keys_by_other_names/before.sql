CREATE TABLE p (
    id bigint,
    at date,
    code integer,
    CONSTRAINT p_pkey PRIMARY KEY (id, at),
    CONSTRAINT p_code_at_key UNIQUE (code, at)
) PARTITION BY RANGE (at);

CREATE TABLE kept (id bigint NOT NULL, at date NOT NULL, code integer, CONSTRAINT mine PRIMARY KEY (id, at));
ALTER TABLE p ATTACH PARTITION kept FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');

CREATE TABLE renamed (id bigint NOT NULL, at date NOT NULL, code integer, CONSTRAINT hers PRIMARY KEY (id, at));
ALTER TABLE p ATTACH PARTITION renamed FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');

CREATE TABLE bare (id bigint NOT NULL, at date NOT NULL, code integer, CONSTRAINT his PRIMARY KEY (id, at));
ALTER TABLE p ATTACH PARTITION bare FOR VALUES FROM ('2022-01-01') TO ('2023-01-01');

CREATE TABLE other (id bigint NOT NULL, at date NOT NULL, code integer, CONSTRAINT theirs PRIMARY KEY (id, at));
ALTER TABLE p ATTACH PARTITION other FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');

CREATE TABLE stays PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
