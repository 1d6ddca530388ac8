CREATE TYPE mood AS ENUM ('sad', 'ok', 'gone');
CREATE VIEW v AS SELECT 1 AS id, 'ok'::mood AS m;
