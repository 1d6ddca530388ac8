-- Plan forward, phase 2 of 4: backfill, for PostgreSQL 15.
-- Runs with: pgphase apply . --phase backfill; or with: psql -X -f 2-backfill.sql
-- Checksums of the steps are in plan.yaml: change the schema files and plan again rather than this file.

-- Nothing to do in this phase.
