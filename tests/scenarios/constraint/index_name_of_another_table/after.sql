CREATE TABLE balances_legacy (id bigint NOT NULL, owner text NOT NULL, kind text NOT NULL, CONSTRAINT balances_pkey PRIMARY KEY (id));
CREATE INDEX balances_owner ON balances_legacy (owner);
CREATE TABLE balances (id bigint NOT NULL, owner text NOT NULL, kind text NOT NULL);
ALTER TABLE balances ADD CONSTRAINT coins_once PRIMARY KEY (id, kind);
CREATE INDEX coins_owner ON balances (kind);
CREATE TABLE coins (id bigint NOT NULL, owner text NOT NULL, CONSTRAINT coins_pkey PRIMARY KEY (id));
CREATE TABLE first (id bigint NOT NULL, CONSTRAINT second_pkey PRIMARY KEY (id));
CREATE TABLE third (id bigint NOT NULL, CONSTRAINT first_pkey PRIMARY KEY (id));
