CREATE TABLE post (
    id bigint PRIMARY KEY,
    title varchar(20) NOT NULL,
    avatar text
);
CREATE VIEW post_totals AS SELECT id, title, avatar FROM post;
CREATE MATERIALIZED VIEW post_fast AS SELECT id, avatar FROM post_totals;
CREATE VIEW post_page AS SELECT t.id, t.title FROM post_totals t JOIN post_fast f USING (id);
CREATE VIEW post_face AS SELECT id, avatar FROM post;
INSERT INTO post VALUES (1, 'first', 'a.png'), (2, 'second', NULL);
