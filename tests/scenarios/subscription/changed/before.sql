CREATE SUBSCRIPTION s CONNECTION 'host=publisher.invalid' PUBLICATION one, two WITH (connect = false, slot_name = 's');
CREATE SUBSCRIPTION gone CONNECTION 'host=publisher.invalid' PUBLICATION one WITH (connect = false, slot_name = 'gone');
CREATE SUBSCRIPTION kept CONNECTION 'host=publisher.invalid' PUBLICATION one WITH (connect = false, slot_name = 'kept');
