CREATE TABLE jobs (
    id bigint PRIMARY KEY,
    -- @renamed_from state
    status text DEFAULT 'queued',
    -- @renamed_from tries
    attempts smallint DEFAULT 0 NOT NULL,
    -- @renamed_from seen
    seen_at timestamptz DEFAULT now(),
    -- @renamed_from data
    payload jsonb,
    -- @renamed_from "odd name"
    "order" json
);
