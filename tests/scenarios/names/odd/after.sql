CREATE TABLE keep (id bigint PRIMARY KEY);
CREATE TABLE "Select" ("Order" bigint CONSTRAINT "Key ""1""" PRIMARY KEY, "with space" text DEFAULT 'a''b', "ünï" integer, "a.b" text, "user" text, "semi;colon" text);
CREATE INDEX "Index of ""Select""" ON "Select" ("with space", lower("a.b"));
CREATE TYPE "Mood" AS ENUM ('a"b', 'c''d', 'e,f', '');
CREATE FUNCTION "Do It"("Arg One" "Mood") RETURNS "Mood" LANGUAGE sql AS $$ SELECT "Arg One" $$;
CREATE VIEW "View!" AS SELECT "Order" AS "Group", "user" FROM "Select" WHERE "ünï" > 0;
COMMENT ON COLUMN "Select"."with space" IS 'odd; -- really /* odd */';
