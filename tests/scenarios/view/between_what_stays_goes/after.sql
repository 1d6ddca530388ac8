CREATE TABLE post (
    id bigint PRIMARY KEY,
    title varchar(20) NOT NULL
);
CREATE VIEW post_page AS SELECT p.id, p.title || '!' AS title FROM post p;
CREATE VIEW post_face AS SELECT id FROM post;
