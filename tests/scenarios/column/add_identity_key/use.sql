INSERT INTO logs (line) VALUES ('c');
SELECT 1 / (count(*) = 3 AND max(id) >= 110)::int FROM logs;
