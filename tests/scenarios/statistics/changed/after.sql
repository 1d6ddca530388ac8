CREATE TABLE places (id bigint PRIMARY KEY, city text, zip text);
CREATE STATISTICS places_stat (mcv) ON city, zip, id FROM places;
