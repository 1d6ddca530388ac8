CREATE TYPE mood AS ENUM ('awful', 'sad', 'ok', 'fine', 'happy');
CREATE TABLE people (
    id bigint PRIMARY KEY,
    -- @using ARRAY[mood]
    mood mood[]
);
