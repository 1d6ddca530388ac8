CREATE TABLE keep (id bigint PRIMARY KEY);
CREATE TABLE "table" ("select" integer, "from" integer, "where" integer, value text, type text, name text, key text, "default" integer, "check" integer, "primary" integer, "end" integer, date date, "timestamp" timestamp, "time" time);
CREATE INDEX "index" ON "table" ("select", value, type, key, "default");
CREATE FUNCTION "grant"("in" integer, "out" integer) RETURNS integer LANGUAGE sql AS $$ SELECT $1 $$;
