CREATE SCHEMA app;
CREATE TABLE app."Users" (id uuid PRIMARY KEY, "Bio" varchar(20), extra jsonb);
