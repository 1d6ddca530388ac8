CREATE TABLE jobs (id bigint PRIMARY KEY, state text DEFAULT 'new', tries smallint DEFAULT 0 NOT NULL, seen timestamptz DEFAULT now(), data jsonb DEFAULT '{}'::jsonb, "odd name" json);
