-- Undoes plan forward, last step first: pgphase rollback . --to PHASE runs the part whose steps have run, and nothing else.
-- With psql, run only that part: the steps are marked. What a step deleted does not come back.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '60s';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET default_transaction_isolation = 'read committed';
SET row_security = off;

-- undo contract-1: drop default of column public.logs.id; alter sequence public.logs_id_seq; 4 more changes
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE SEQUENCE public.pgphase_logs_id_seq_count AS integer;
ALTER SEQUENCE public.pgphase_logs_id_seq_count OWNER TO postgres;
DO $$
DECLARE
    stands bigint;
    given boolean;
    ahead boolean;
BEGIN
    EXECUTE pg_catalog.format('SELECT last_value, is_called FROM %s', pg_catalog.pg_get_serial_sequence('public.logs', 'id')::pg_catalog.regclass) INTO stands, given;
    SELECT CASE WHEN seqincrement > 0 THEN stands < seqmin ELSE stands > seqmax END INTO ahead
    FROM pg_catalog.pg_sequence WHERE seqrelid = 'public.pgphase_logs_id_seq_count'::pg_catalog.regclass;
    IF NOT ahead THEN
        PERFORM pg_catalog.setval('public.pgphase_logs_id_seq_count'::pg_catalog.regclass, stands, given);
    END IF;
END
$$;
ALTER TABLE public.logs ALTER COLUMN id DROP IDENTITY;
ALTER SEQUENCE public.pgphase_logs_id_seq_count RENAME TO logs_id_seq;
ALTER SEQUENCE public.logs_id_seq OWNED BY public.logs.id;
ALTER TABLE public.logs ALTER COLUMN id SET DEFAULT nextval('public.logs_id_seq'::regclass);
COMMIT;
