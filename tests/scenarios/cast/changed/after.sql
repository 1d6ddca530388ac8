CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE FUNCTION mood_to_int(mood) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 1 $$;
CREATE CAST (mood AS integer) WITH FUNCTION mood_to_int(mood);
COMMENT ON CAST (mood AS integer) IS 'gladness';
