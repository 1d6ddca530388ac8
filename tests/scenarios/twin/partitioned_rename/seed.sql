INSERT INTO orders (id, placed, note, amount) SELECT g, '2024-01-01'::date + g * 11, 'n' || g, g FROM generate_series(1, 60) g;
