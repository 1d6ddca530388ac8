INSERT INTO profiles SELECT g, 'p' || g, g % 7 FROM generate_series(1, 30) g;
INSERT INTO rules SELECT g, 1 + g % 30, g FROM generate_series(1, 60) g;
