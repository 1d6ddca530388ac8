INSERT INTO a SELECT n, (ARRAY['sad','ok','happy'])[1+n%3]::mood, ARRAY['ok','sad']::mood[], 'n' FROM generate_series(1,300) n;
INSERT INTO b VALUES ('ok'),('sad'); INSERT INTO c SELECT n, 'ok' FROM generate_series(1,100) n;
