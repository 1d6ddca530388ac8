CREATE TABLE users (id bigint PRIMARY KEY, plan text DEFAULT 'free', due date DEFAULT CURRENT_DATE + 30);
