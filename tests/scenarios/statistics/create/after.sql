CREATE TABLE places (id bigint PRIMARY KEY, city text, zip text, at timestamptz);
CREATE STATISTICS places_city_zip (dependencies, ndistinct) ON city, zip FROM places;
CREATE STATISTICS places_all ON city, zip, lower(city) FROM places;
CREATE STATISTICS places_day ON date_trunc('day', at AT TIME ZONE 'UTC') FROM places;
ALTER STATISTICS places_all SET STATISTICS 300;
COMMENT ON STATISTICS places_all IS 'they go together';
