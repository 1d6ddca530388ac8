INSERT INTO shifts SELECT g, g % 7, int4range(g, g + 1) FROM generate_series(1, 30) g;
