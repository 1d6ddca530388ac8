-- Each body says what is later in the alphabet, and each is run while the plan runs.
CREATE FUNCTION z_lower(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $$SELECT lower(words)$$;
CREATE FUNCTION a_slug(words text) RETURNS text LANGUAGE sql IMMUTABLE
    AS $$SELECT replace(public.z_lower(words), ' ', '-')$$;
CREATE TABLE docs (id bigint PRIMARY KEY, title text NOT NULL, kind text DEFAULT a_slug('A Text'));
CREATE INDEX docs_slug ON docs (a_slug(title));

CREATE TABLE z_words (word text);
CREATE FUNCTION m_words() RETURNS SETOF z_words LANGUAGE sql STABLE AS $$SELECT * FROM public.z_words$$;
CREATE FUNCTION b_count() RETURNS bigint LANGUAGE plpgsql STABLE
    AS $$BEGIN RETURN (SELECT count(*) FROM public.m_words()) + public.a_rest(0); END$$;
CREATE FUNCTION a_rest(n bigint) RETURNS bigint LANGUAGE plpgsql STABLE
    AS $$BEGIN RETURN CASE WHEN n > 0 THEN public.b_count() ELSE 0 END; END$$;
CREATE VIEW a_bridge AS SELECT b_count() AS words;
CREATE MATERIALIZED VIEW a_counted AS SELECT words FROM a_bridge;
