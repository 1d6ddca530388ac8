CREATE TABLE splits (name text NOT NULL, part int NOT NULL, CONSTRAINT splits_part_check CHECK (part > 1));
ALTER TABLE splits ADD CONSTRAINT splits_pkey PRIMARY KEY (name, part);
