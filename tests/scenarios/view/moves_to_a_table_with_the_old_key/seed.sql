INSERT INTO libraries SELECT g, 'k' FROM generate_series(1, 9) g;
INSERT INTO user_overrides SELECT g, 'n' FROM generate_series(1, 9) g;
