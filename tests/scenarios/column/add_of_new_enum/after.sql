CREATE TYPE post_state AS ENUM ('draft', 'public');
CREATE TABLE posts (id bigint PRIMARY KEY, state post_state DEFAULT 'draft'::post_state NOT NULL);
