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

-- undo expand-8: alter column public.postcards.body
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.postcards ALTER COLUMN body SET COMPRESSION default;
COMMIT;

-- nothing to undo for expand-7: alter column public.postcards.body

-- nothing to undo for expand-6: alter column public.drafts.body

-- nothing to undo for expand-5: alter column public.drafts.body

-- undo expand-4: alter column public.documents.pages
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.documents ALTER COLUMN pages RESET (n_distinct);
COMMIT;

-- undo expand-3: alter column public.documents.body; alter column public.letters.body; alter column public.postcards.body
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.postcards ALTER COLUMN body SET STATISTICS 300;
ALTER TABLE public.letters ALTER COLUMN body SET STATISTICS 200;
ALTER TABLE public.postcards ALTER COLUMN body SET STATISTICS 200;
ALTER TABLE public.documents ALTER COLUMN body SET STATISTICS 100;
ALTER TABLE public.drafts ALTER COLUMN body SET STATISTICS -1;
ALTER TABLE public.letters ALTER COLUMN body SET STATISTICS 300;
ALTER TABLE public.postcards ALTER COLUMN body SET STATISTICS 40;
COMMIT;

-- undo expand-2: alter column public.documents.body
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.documents ALTER COLUMN body SET COMPRESSION default;
COMMIT;

-- undo expand-1: alter column public.documents.body; alter column public.letters.body; alter column public.postcards.body
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.postcards ALTER COLUMN body SET STORAGE MAIN;
ALTER TABLE public.letters ALTER COLUMN body SET STORAGE PLAIN;
ALTER TABLE public.postcards ALTER COLUMN body SET STORAGE PLAIN;
ALTER TABLE public.documents ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE public.drafts ALTER COLUMN body SET STORAGE EXTENDED;
ALTER TABLE public.letters ALTER COLUMN body SET STORAGE MAIN;
ALTER TABLE public.postcards ALTER COLUMN body SET STORAGE EXTENDED;
COMMIT;
