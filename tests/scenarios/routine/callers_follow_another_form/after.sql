CREATE FUNCTION is_long(word text, fewest integer DEFAULT 3, uttermost integer DEFAULT 100) RETURNS boolean
    LANGUAGE sql IMMUTABLE AS $$ SELECT length(word) > fewest AND length(word) < uttermost $$;
CREATE TABLE words (
    id bigint PRIMARY KEY,
    word text CHECK (is_long(word)),
    long boolean GENERATED ALWAYS AS (is_long(word, 9)) STORED
);
CREATE INDEX words_long ON words (is_long(word, 7));
CREATE VIEW long_words AS SELECT word FROM words WHERE is_long(word, 12);
CREATE VIEW longest_words AS SELECT word FROM long_words ORDER BY length(word) DESC LIMIT 3;
