-- Plan forward, phase 3 of 4: validate, for PostgreSQL 15.
-- Runs with: pgphase apply . --phase validate; or with: psql -X -f 3-validate.sql
-- Checksums of the steps are in plan.yaml: change the schema files and plan again rather than this file.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '60s';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET default_transaction_isolation = 'read committed';
SET row_security = off;

-- step validate-1 [0fb4af24610e]: check that no rows of public.events reference no row of public.days
--   number:      1 of 18 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.events (reads and writes go on), ACCESS SHARE on public.days (reads and writes go on)
--   duration:    grows with the table: reads all of public.events_2025, public.events_2026_1, public.events_2026_2, public.events_2027, public.days_1, public.days_2
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT t.* FROM public.events t WHERE t.at IS NOT NULL AND t.zone IS NOT NULL AND NOT EXISTS (SELECT FROM public.days r WHERE r.day = t.at AND r.zone = t.zone)) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY['at', 'zone']::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.events'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT t.* FROM public.events t WHERE t.at IS NOT NULL AND t.zone IS NOT NULL AND NOT EXISTS (SELECT FROM public.days r WHERE r.day = t.at AND r.zone = t.zone)) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.events references no row of public.days' ELSE ' rows of public.events reference no row of public.days' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-2 [723f3d466954]: add constraint public.events_2025.events_day_fk
--   number:      2 of 18 in this phase
--   why:         On the partition alone: before PostgreSQL 18 its parent takes no foreign key that is NOT VALID.
--   locks:       SHARE ROW EXCLUSIVE on public.days (writes wait), SHARE ROW EXCLUSIVE on public.days_1 (writes wait), SHARE ROW EXCLUSIVE on public.days_2 (writes wait), SHARE ROW EXCLUSIVE on public.events_2025 (writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
LOCK TABLE public.days, public.events_2025 IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE public.events_2025 ADD CONSTRAINT events_day_fk FOREIGN KEY (at, zone) REFERENCES public.days (day, zone) DEFERRABLE NOT VALID;
COMMIT;

-- step validate-3 [b4e573b4da0b]: validate constraint public.events_2025.events_day_fk
--   number:      3 of 18 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.events_2025 (reads and writes go on), ROW SHARE on public.days (reads and writes go on)
--   duration:    grows with the table: reads all of public.events_2025, public.days_1, public.days_2
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.events_2025 VALIDATE CONSTRAINT events_day_fk;
COMMIT;

-- step validate-4 [97e58778d0df]: add constraint public.events_2026_1.events_day_fk
--   number:      4 of 18 in this phase
--   why:         On the partition alone: before PostgreSQL 18 its parent takes no foreign key that is NOT VALID.
--   locks:       SHARE ROW EXCLUSIVE on public.days (writes wait), SHARE ROW EXCLUSIVE on public.days_1 (writes wait), SHARE ROW EXCLUSIVE on public.days_2 (writes wait), SHARE ROW EXCLUSIVE on public.events_2026_1 (writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
LOCK TABLE public.days, public.events_2026_1 IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE public.events_2026_1 ADD CONSTRAINT events_day_fk FOREIGN KEY (at, zone) REFERENCES public.days (day, zone) DEFERRABLE NOT VALID;
COMMIT;

-- step validate-5 [8d1ca51170da]: validate constraint public.events_2026_1.events_day_fk
--   number:      5 of 18 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.events_2026_1 (reads and writes go on), ROW SHARE on public.days (reads and writes go on)
--   duration:    grows with the table: reads all of public.events_2026_1, public.days_1, public.days_2
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.events_2026_1 VALIDATE CONSTRAINT events_day_fk;
COMMIT;

-- step validate-6 [7aa456e0b11d]: add constraint public.events_2026_2.events_day_fk
--   number:      6 of 18 in this phase
--   why:         On the partition alone: before PostgreSQL 18 its parent takes no foreign key that is NOT VALID.
--   locks:       SHARE ROW EXCLUSIVE on public.days (writes wait), SHARE ROW EXCLUSIVE on public.days_1 (writes wait), SHARE ROW EXCLUSIVE on public.days_2 (writes wait), SHARE ROW EXCLUSIVE on public.events_2026_2 (writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
LOCK TABLE public.days, public.events_2026_2 IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE public.events_2026_2 ADD CONSTRAINT events_day_fk FOREIGN KEY (at, zone) REFERENCES public.days (day, zone) DEFERRABLE NOT VALID;
COMMIT;

-- step validate-7 [f092eddc7ccc]: validate constraint public.events_2026_2.events_day_fk
--   number:      7 of 18 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.events_2026_2 (reads and writes go on), ROW SHARE on public.days (reads and writes go on)
--   duration:    grows with the table: reads all of public.events_2026_2, public.days_1, public.days_2
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.events_2026_2 VALIDATE CONSTRAINT events_day_fk;
COMMIT;

-- step validate-8 [604dc27e1290]: add constraint public.events_2027.events_day_fk
--   number:      8 of 18 in this phase
--   why:         On the partition alone: before PostgreSQL 18 its parent takes no foreign key that is NOT VALID.
--   locks:       SHARE ROW EXCLUSIVE on public.days (writes wait), SHARE ROW EXCLUSIVE on public.days_1 (writes wait), SHARE ROW EXCLUSIVE on public.days_2 (writes wait), SHARE ROW EXCLUSIVE on public.events_2027 (writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
LOCK TABLE public.days, public.events_2027 IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE public.events_2027 ADD CONSTRAINT events_day_fk FOREIGN KEY (at, zone) REFERENCES public.days (day, zone) DEFERRABLE NOT VALID;
COMMIT;

-- step validate-9 [fac20e4bc6ed]: validate constraint public.events_2027.events_day_fk
--   number:      9 of 18 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.events_2027 (reads and writes go on), ROW SHARE on public.days (reads and writes go on)
--   duration:    grows with the table: reads all of public.events_2027, public.days_1, public.days_2
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.events_2027 VALIDATE CONSTRAINT events_day_fk;
COMMIT;

-- step validate-10 [f21c42eef6cd]: add constraint public.events.events_day_fk
--   number:      10 of 18 in this phase
--   why:         The partitions have the key already and it is proved there, so no row is looked at; their triggers on the referenced table go, which takes the lock on it for a moment.
--   locks:       ACCESS EXCLUSIVE on public.days (reads and writes wait), ACCESS EXCLUSIVE on public.days_1 (reads and writes wait), ACCESS EXCLUSIVE on public.days_2 (reads and writes wait), ACCESS EXCLUSIVE on public.events (reads and writes wait), ACCESS EXCLUSIVE on public.events_2025 (reads and writes wait), ACCESS EXCLUSIVE on public.events_2026 (reads and writes wait), ACCESS EXCLUSIVE on public.events_2026_1 (reads and writes wait), ACCESS EXCLUSIVE on public.events_2026_2 (reads and writes wait), ACCESS EXCLUSIVE on public.events_2027 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
LOCK TABLE public.days IN ACCESS EXCLUSIVE MODE;
LOCK TABLE public.events IN ACCESS EXCLUSIVE MODE;
ALTER TABLE public.events ADD CONSTRAINT events_day_fk FOREIGN KEY (at, zone) REFERENCES public.days (day, zone) DEFERRABLE;
COMMIT;

-- step validate-11 [d9feae5cdf3a]: check that no rows of public.events reference no row of public.users
--   number:      11 of 18 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.events (reads and writes go on), ACCESS SHARE on public.users (reads and writes go on)
--   duration:    grows with the table: reads all of public.events_2025, public.events_2026_1, public.events_2026_2, public.events_2027, public.users
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT t.* FROM public.events t WHERE t.user_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.users r WHERE r.id = t.user_id)) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY['user_id']::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.events'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT t.* FROM public.events t WHERE t.user_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.users r WHERE r.id = t.user_id)) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.events references no row of public.users' ELSE ' rows of public.events reference no row of public.users' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-12 [82e7d2e8694d]: add constraint public.events_2025.events_user_fk
--   number:      12 of 18 in this phase
--   why:         On the partition alone: before PostgreSQL 18 its parent takes no foreign key that is NOT VALID.
--   locks:       SHARE ROW EXCLUSIVE on public.users (writes wait), SHARE ROW EXCLUSIVE on public.events_2025 (writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
LOCK TABLE public.users, public.events_2025 IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE public.events_2025 ADD CONSTRAINT events_user_fk FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE NOT VALID;
COMMIT;

-- step validate-13 [521b606778fe]: validate constraint public.events_2025.events_user_fk
--   number:      13 of 18 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.events_2025 (reads and writes go on), ROW SHARE on public.users (reads and writes go on)
--   duration:    grows with the table: reads all of public.events_2025, public.users
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.events_2025 VALIDATE CONSTRAINT events_user_fk;
COMMIT;

-- step validate-14 [52ce6aeeeb32]: add constraint public.events_2026_1.events_user_fk
--   number:      14 of 18 in this phase
--   why:         On the partition alone: before PostgreSQL 18 its parent takes no foreign key that is NOT VALID.
--   locks:       SHARE ROW EXCLUSIVE on public.users (writes wait), SHARE ROW EXCLUSIVE on public.events_2026_1 (writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
LOCK TABLE public.users, public.events_2026_1 IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE public.events_2026_1 ADD CONSTRAINT events_user_fk FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE NOT VALID;
COMMIT;

-- step validate-15 [45d1ba278dda]: validate constraint public.events_2026_1.events_user_fk
--   number:      15 of 18 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.events_2026_1 (reads and writes go on), ROW SHARE on public.users (reads and writes go on)
--   duration:    grows with the table: reads all of public.events_2026_1, public.users
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.events_2026_1 VALIDATE CONSTRAINT events_user_fk;
COMMIT;

-- step validate-16 [6e817bc4f84c]: add constraint public.events_2026_2.events_user_fk
--   number:      16 of 18 in this phase
--   why:         On the partition alone: before PostgreSQL 18 its parent takes no foreign key that is NOT VALID.
--   locks:       SHARE ROW EXCLUSIVE on public.users (writes wait), SHARE ROW EXCLUSIVE on public.events_2026_2 (writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
LOCK TABLE public.users, public.events_2026_2 IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE public.events_2026_2 ADD CONSTRAINT events_user_fk FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE NOT VALID;
COMMIT;

-- step validate-17 [b7cea2c06c04]: validate constraint public.events_2026_2.events_user_fk
--   number:      17 of 18 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.events_2026_2 (reads and writes go on), ROW SHARE on public.users (reads and writes go on)
--   duration:    grows with the table: reads all of public.events_2026_2, public.users
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.events_2026_2 VALIDATE CONSTRAINT events_user_fk;
COMMIT;

-- step validate-18 [f59b5ac0cce3]: add constraint public.events.events_user_fk
--   number:      18 of 18 in this phase
--   why:         The partitions have the key already and it is proved there, so no row is looked at; their triggers on the referenced table go, which takes the lock on it for a moment.
--   locks:       ACCESS EXCLUSIVE on public.users (reads and writes wait), SHARE ROW EXCLUSIVE on public.events (writes wait), SHARE ROW EXCLUSIVE on public.events_2025 (writes wait), SHARE ROW EXCLUSIVE on public.events_2026 (writes wait), SHARE ROW EXCLUSIVE on public.events_2026_1 (writes wait), SHARE ROW EXCLUSIVE on public.events_2026_2 (writes wait), SHARE ROW EXCLUSIVE on public.events_2027 (writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
LOCK TABLE public.users IN ACCESS EXCLUSIVE MODE;
LOCK TABLE public.events IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE public.events ADD CONSTRAINT events_user_fk FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE;
COMMIT;
