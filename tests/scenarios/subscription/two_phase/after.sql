CREATE SUBSCRIPTION s CONNECTION 'host=publisher.invalid' PUBLICATION one WITH (connect = false, slot_name = 's', two_phase = true);
COMMENT ON SUBSCRIPTION s IS 'stays';
