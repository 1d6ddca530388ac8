CREATE SCHEMA app;
CREATE FUNCTION app.handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION app.validator(oid) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_validator';
CREATE LANGUAGE mine HANDLER app.handler;
CREATE TRUSTED LANGUAGE other HANDLER app.handler;
ALTER LANGUAGE other OWNER TO language_before;
REVOKE USAGE ON LANGUAGE other FROM PUBLIC;
CREATE TRUSTED LANGUAGE gone HANDLER app.handler;
CREATE FUNCTION app.one() RETURNS integer LANGUAGE mine AS $$ begin return 1; end $$;
