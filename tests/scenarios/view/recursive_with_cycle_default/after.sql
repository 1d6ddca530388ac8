CREATE TABLE parts (id integer PRIMARY KEY, part_of integer);
CREATE VIEW tree AS
WITH RECURSIVE below(id) AS (
    SELECT parts.id FROM parts WHERE parts.part_of IS NULL
    UNION ALL
    SELECT parts.id FROM parts JOIN below ON parts.part_of = below.id
) SEARCH DEPTH FIRST BY id SET place CYCLE id SET again TO 'Y' DEFAULT 'N' USING way
SELECT below.id, below.again FROM below;
CREATE VIEW plain_tree AS
WITH RECURSIVE below(id) AS (
    SELECT parts.id FROM parts WHERE parts.part_of IS NULL
    UNION ALL
    SELECT parts.id FROM parts JOIN below ON parts.part_of = below.id
) CYCLE id SET again USING way
SELECT below.id, below.again FROM below;
