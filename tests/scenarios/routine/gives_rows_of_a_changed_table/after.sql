CREATE TABLE parcels (id bigint PRIMARY KEY, weight bigint);
CREATE FUNCTION heavy(fewest integer) RETURNS SETOF parcels LANGUAGE sql STABLE
    AS $$ SELECT * FROM parcels WHERE weight > fewest $$;
CREATE VIEW heavy_parcels AS SELECT id, weight FROM heavy(20);
