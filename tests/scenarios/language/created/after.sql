CREATE SCHEMA app;
CREATE FUNCTION app.handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION app.inline(internal) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_inline_handler';
CREATE FUNCTION app.validator(oid) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_validator';
CREATE TRUSTED PROCEDURAL LANGUAGE mine HANDLER app.handler INLINE app.inline VALIDATOR app.validator;
COMMENT ON LANGUAGE mine IS 'as PL/pgSQL';
CREATE FUNCTION app.one() RETURNS integer LANGUAGE mine AS $$ begin return 1; end $$;
