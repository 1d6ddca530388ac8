CREATE TYPE mood AS ENUM ('sad', 'ok', 'fine');
CREATE VIEW v AS SELECT 1 AS id, 'fine'::mood AS m;
