CREATE SCHEMA app;
CREATE SCHEMA more;
CREATE TABLE app."Users" (id uuid PRIMARY KEY, extra jsonb);
CREATE TABLE more.profiles (
    "User" uuid UNIQUE,
    -- @moved_from app."Users"."Bio" via "User" = app."Users".id
    "Bio" varchar(20)
);
