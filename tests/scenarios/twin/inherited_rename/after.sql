CREATE TABLE places (id bigint PRIMARY KEY,
    -- @renamed_from name
    title text DEFAULT 'none' NOT NULL CONSTRAINT places_name_check CHECK (title <> ''), height integer);
CREATE INDEX places_name_idx ON places (title);
CREATE TABLE cities (people integer DEFAULT 0 NOT NULL, CONSTRAINT cities_pkey PRIMARY KEY (id), CONSTRAINT cities_name_key UNIQUE (title, people)) INHERITS (places);
CREATE INDEX cities_large ON cities (people) WHERE title > 'm';
CREATE TABLE capitals (country text CHECK (country <> title)) INHERITS (cities);
CREATE UNIQUE INDEX capitals_upper ON capitals (upper(title));
CREATE STATISTICS capitals_both ON country, title FROM capitals;
CREATE TABLE letters (city text, people integer, FOREIGN KEY (city, people) REFERENCES cities (title, people) ON UPDATE CASCADE);
CREATE VIEW large AS SELECT id, title AS name FROM cities WHERE people > 100;
ALTER TABLE capitals ENABLE ROW LEVEL SECURITY;
CREATE POLICY known ON capitals USING (title <> 'secret');
GRANT SELECT (title) ON cities TO PUBLIC;
COMMENT ON COLUMN places.title IS 'as on the map';
COMMENT ON COLUMN capitals.title IS 'in the language of the country';
