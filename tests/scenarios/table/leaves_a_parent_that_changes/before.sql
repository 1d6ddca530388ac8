CREATE TABLE tickets (kind text DEFAULT 'single', price integer);
CREATE TABLE group_tickets () INHERITS (tickets);
CREATE TABLE sales (day date, kind text DEFAULT 'single') PARTITION BY RANGE (day);
CREATE TABLE sales_2024 PARTITION OF sales FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE sales_2025 PARTITION OF sales FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
