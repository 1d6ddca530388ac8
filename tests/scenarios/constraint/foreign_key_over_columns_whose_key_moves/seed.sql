INSERT INTO clients SELECT 'c' || g, 'n' FROM generate_series(1, 30) g;
INSERT INTO tokens SELECT g, 'c' || g FROM generate_series(1, 30) g;
INSERT INTO users SELECT g, 'm' || g FROM generate_series(1, 30) g;
INSERT INTO logins SELECT g, 'm' || g FROM generate_series(1, 30) g;
