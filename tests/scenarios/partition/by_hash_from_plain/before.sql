CREATE TABLE job (id bigint PRIMARY KEY, line text);
CREATE INDEX job_line ON job (line);
