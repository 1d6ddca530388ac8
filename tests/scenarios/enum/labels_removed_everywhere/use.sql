INSERT INTO a (id, m, note) VALUES (1001, 'happy', 'n');
SELECT f('sad'), g('ok'), (SELECT count(*) FROM va), (SELECT m FROM vb);
