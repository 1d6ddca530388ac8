INSERT INTO articles (id, title, price) SELECT g, 'title ' || g, g FROM generate_series(1, 30) g;
