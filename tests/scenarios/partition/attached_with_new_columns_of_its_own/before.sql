CREATE TABLE raw_steps (trial int NOT NULL, id int NOT NULL);
CREATE TABLE kept (trial int NOT NULL);
