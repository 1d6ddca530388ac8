CREATE DOMAIN size AS int CHECK (VALUE > 0);
CREATE TABLE shirts (
    id int PRIMARY KEY,
    -- @using CASE size WHEN 'small' THEN 1 WHEN 'large' THEN 2 END
    size size
);
CREATE TABLE shoes (
    id int PRIMARY KEY,
    -- @using size::int
    size size NOT NULL
);
