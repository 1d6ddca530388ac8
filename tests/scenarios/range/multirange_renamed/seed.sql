INSERT INTO offers VALUES (1, '{[1,2),[5,7)}', '[1,2)'), (2, NULL, NULL);
