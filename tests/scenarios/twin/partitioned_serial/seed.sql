INSERT INTO visits (site, page) SELECT g, 'p' || g FROM generate_series(1, 40) g;
