CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE FUNCTION mood_to_int(mood) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 1 $$;
CREATE CAST (mood AS integer) WITH FUNCTION mood_to_int(mood) AS ASSIGNMENT;
CREATE CAST (text AS mood) WITH INOUT;
COMMENT ON CAST (mood AS integer) IS 'how glad';
