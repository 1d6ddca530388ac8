CREATE SUBSCRIPTION s CONNECTION 'host=publisher.invalid' PUBLICATION one WITH (connect = false, slot_name = 's');
