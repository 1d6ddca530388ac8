CREATE TABLE users (
    id bigint PRIMARY KEY,
    name character varying(80) NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    score integer DEFAULT 1,
    created_at timestamptz DEFAULT now() NOT NULL
);
