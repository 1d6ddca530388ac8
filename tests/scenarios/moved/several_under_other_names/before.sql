CREATE TYPE mood AS ENUM ('sad', 'fine');
CREATE TABLE users (
    tenant integer NOT NULL,
    id integer NOT NULL,
    name text NOT NULL,
    bio text CONSTRAINT users_bio_check CHECK (length(bio) < 1000),
    visits integer DEFAULT 0 NOT NULL,
    email text NOT NULL,
    mood mood,
    settings json DEFAULT '{}'::json NOT NULL,
    PRIMARY KEY (tenant, id),
    CONSTRAINT users_email_key UNIQUE (email)
);
CREATE INDEX users_bio ON users (bio);
CREATE VIEW regulars AS SELECT id, visits FROM users WHERE visits > 10;
COMMENT ON COLUMN users.bio IS 'What they say';
