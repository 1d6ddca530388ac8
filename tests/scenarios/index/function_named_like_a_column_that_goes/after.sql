CREATE FUNCTION hot_rank(score bigint) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT (score * 2)::integer';
CREATE TABLE post (
    id bigint PRIMARY KEY,
    score bigint NOT NULL,
    CONSTRAINT post_rank CHECK (hot_rank(score) > 0)
);
CREATE INDEX post_hot ON post (hot_rank(score) DESC);
