CREATE TABLE users (id bigint PRIMARY KEY, plan text DEFAULT 'basic', due date DEFAULT CURRENT_DATE + 14);
