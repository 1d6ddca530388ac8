CREATE TABLE readings (day date NOT NULL, sensor int NOT NULL, value numeric) PARTITION BY RANGE (day);
CREATE TABLE readings_2024 PARTITION OF readings FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
ALTER TABLE readings ADD CONSTRAINT readings_pkey PRIMARY KEY (day, sensor);
