CREATE SUBSCRIPTION s CONNECTION 'host=publisher.invalid' PUBLICATION one WITH (connect = false, slot_name = 's');
COMMENT ON SUBSCRIPTION s IS 'stays';
