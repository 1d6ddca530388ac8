CREATE TABLE balances (id bigint NOT NULL, owner text NOT NULL, kind text NOT NULL, CONSTRAINT balances_pkey PRIMARY KEY (id));
CREATE INDEX balances_owner ON balances (owner);
CREATE UNIQUE INDEX balances_kind ON balances (id, kind);
CREATE TABLE coins (id bigint NOT NULL, owner text NOT NULL, CONSTRAINT coins_pkey PRIMARY KEY (id), CONSTRAINT coins_once UNIQUE (owner));
CREATE INDEX coins_owner ON coins (owner);
CREATE TABLE first (id bigint NOT NULL, CONSTRAINT first_pkey PRIMARY KEY (id));
CREATE TABLE second (id bigint NOT NULL, CONSTRAINT second_pkey PRIMARY KEY (id));
