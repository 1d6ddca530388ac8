INSERT INTO users VALUES (4, 'Barbara');
INSERT INTO profiles VALUES (4, 'abstracts');
DELETE FROM users WHERE id = 3;
SELECT 1 / (count(*) = 2 AND bool_and((user_id, bio) IN ((1, 'counts'), (4, 'abstracts'))))::integer FROM profiles;
