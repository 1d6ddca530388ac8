CREATE TABLE places (id bigint PRIMARY KEY, city text, zip text);
CREATE STATISTICS places_stat (dependencies) ON city, zip FROM places;
