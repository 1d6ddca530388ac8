INSERT INTO artists VALUES (1, '{a,b}', '{c}');
