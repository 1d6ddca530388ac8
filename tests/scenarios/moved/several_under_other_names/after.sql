CREATE TYPE mood AS ENUM ('sad', 'fine');
CREATE TABLE users (
    tenant integer NOT NULL,
    id integer NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE TABLE profiles (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_tenant integer NOT NULL,
    user_id integer NOT NULL,
    -- @moved_from users.bio via user_tenant = users.tenant and user_id = users.id
    biography text CONSTRAINT profiles_biography_check CHECK (length(biography) < 1000),
    -- @moved_from users.visits via user_tenant = users.tenant and user_id = users.id
    visits integer DEFAULT 0 NOT NULL,
    -- @moved_from users.email via user_tenant = users.tenant and user_id = users.id
    email text NOT NULL,
    -- @moved_from users.mood via user_tenant = users.tenant and user_id = users.id
    mood mood,
    -- @moved_from users.settings via user_tenant = users.tenant and user_id = users.id
    settings json DEFAULT '{}'::json NOT NULL,
    avatar bytea,
    CONSTRAINT profiles_user_key UNIQUE (user_tenant, user_id),
    CONSTRAINT profiles_email_key UNIQUE (email),
    CONSTRAINT profiles_user_fkey FOREIGN KEY (user_tenant, user_id) REFERENCES users (tenant, id)
);
CREATE INDEX profiles_biography ON profiles (biography);
CREATE VIEW regulars AS SELECT user_id AS id, visits FROM profiles WHERE visits > 10;
COMMENT ON TABLE profiles IS 'What users say of themselves';
COMMENT ON CONSTRAINT profiles_user_fkey ON profiles IS 'Whose it is';
