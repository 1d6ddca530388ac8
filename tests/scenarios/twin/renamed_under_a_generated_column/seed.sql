INSERT INTO rooms (id, label, during) SELECT g, 'room ' || g, int4range(g, g + 5) FROM generate_series(1, 40) g;
