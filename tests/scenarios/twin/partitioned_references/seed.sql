INSERT INTO users (name) SELECT 'u' || g FROM generate_series(1, 20) g;
INSERT INTO posts SELECT g, g % 20 + 1, '2024-01-01'::date + g * 11, NULL, NULL FROM generate_series(1, 60) g;
