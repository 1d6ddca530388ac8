INSERT INTO countries VALUES ('at', 'Austria'), ('fj', 'Fiji');
INSERT INTO towns VALUES (1, 'at');
INSERT INTO ports VALUES (2, 'fj', 12);
