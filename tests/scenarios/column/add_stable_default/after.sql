CREATE TABLE events (id bigint PRIMARY KEY, seen_at timestamptz DEFAULT now() NOT NULL);
