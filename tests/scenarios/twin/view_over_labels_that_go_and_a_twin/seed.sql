INSERT INTO profiles SELECT g, 'p' || g, g % 7 FROM generate_series(1, 30) g;
INSERT INTO entity_profiles SELECT g, (ARRAY['repository', 'artifact'])[1 + g % 2]::entities, g, g % 7 FROM generate_series(1, 30) g;
