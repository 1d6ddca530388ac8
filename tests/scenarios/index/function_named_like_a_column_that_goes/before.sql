CREATE FUNCTION hot_rank(score bigint) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT (score * 2)::integer';
CREATE TABLE post (
    id bigint PRIMARY KEY,
    score bigint NOT NULL,
    hot_rank integer NOT NULL DEFAULT 0
);
CREATE INDEX post_hot ON post (hot_rank DESC);
INSERT INTO post VALUES (1, 10, 20), (2, 5, 10);
