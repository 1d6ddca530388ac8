CREATE TYPE origin AS ENUM ('user', 'model');
CREATE TABLE marks (photo bigint PRIMARY KEY, origin origin DEFAULT 'user' NOT NULL, weight integer);
CREATE VIEW photo_marks AS SELECT m.photo, coalesce(m.origin, 'user'::origin) AS origin, m.weight FROM marks m;
