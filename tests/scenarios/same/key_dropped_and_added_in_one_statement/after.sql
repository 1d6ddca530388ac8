CREATE TABLE splits (name text PRIMARY KEY, part int NOT NULL CHECK (part > 0));
ALTER TABLE splits DROP CONSTRAINT splits_pkey, DROP CONSTRAINT splits_part_check, ADD PRIMARY KEY (name, part), ADD CHECK (part > 1);
