CREATE SUBSCRIPTION s CONNECTION 'host=publisher.invalid' PUBLICATION one
    WITH (connect = false, slot_name = 's', streaming = parallel, password_required = false, run_as_owner = true, origin = none, disable_on_error = true);
