CREATE TYPE origin AS ENUM ('user', 'model', 'import');
CREATE TABLE packed (photo bigint NOT NULL, bits integer NOT NULL);
CREATE VIEW unpacked AS
    SELECT photo, CASE bits & 3 WHEN 1 THEN 'model'::origin WHEN 2 THEN 'import'::origin ELSE 'user'::origin END AS origin, bits >> 2 AS weight
    FROM packed;
CREATE VIEW photo_marks AS SELECT u.photo, u.origin, u.weight FROM unpacked u;
