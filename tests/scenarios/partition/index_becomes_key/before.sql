CREATE TABLE readings (day date NOT NULL, sensor int NOT NULL, value numeric) PARTITION BY RANGE (day);
CREATE TABLE readings_2024 PARTITION OF readings FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE UNIQUE INDEX readings_pkey ON ONLY readings (day, sensor);
CREATE UNIQUE INDEX readings_2024_pkey ON readings_2024 (day, sensor);
ALTER INDEX readings_pkey ATTACH PARTITION readings_2024_pkey;
