INSERT INTO countries (code, name) VALUES ('longerthanten', 'x');
INSERT INTO towns (id, country) VALUES (3, 'longerthanten');
