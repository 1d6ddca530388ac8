CREATE TABLE tickets (kind text DEFAULT 'day', price integer);
ALTER TABLE tickets ALTER COLUMN kind SET STATISTICS 50, ALTER COLUMN kind SET STORAGE EXTERNAL;
-- What the parents get is not for those that leave.
CREATE TABLE group_tickets (kind text DEFAULT 'single', price integer);
CREATE TABLE sales (day date, kind text DEFAULT 'day') PARTITION BY RANGE (day);
ALTER TABLE sales ALTER COLUMN kind SET STATISTICS 50;
CREATE TABLE sales_2024 (day date, kind text DEFAULT 'single');
CREATE TABLE sales_2025 PARTITION OF sales FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
ALTER TABLE sales_2025 ALTER COLUMN kind SET STATISTICS 50;
