CREATE SUBSCRIPTION s CONNECTION 'host=other.invalid' PUBLICATION three, two
    WITH (connect = false, slot_name = NONE, binary = true, streaming = on);
ALTER SUBSCRIPTION s SET (synchronous_commit = 'remote_apply');
COMMENT ON SUBSCRIPTION s IS 'changed';
CREATE SUBSCRIPTION kept CONNECTION 'host=publisher.invalid' PUBLICATION one WITH (connect = false, slot_name = 'kept');
