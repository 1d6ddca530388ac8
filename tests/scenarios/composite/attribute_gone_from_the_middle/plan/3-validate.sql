-- Plan forward, phase 3 of 4: validate, for PostgreSQL 15.
-- Runs with: pgphase apply . --phase validate; or with: psql -X -f 3-validate.sql
-- Checksums of the steps are in plan.yaml: change the schema files and plan again rather than this file.

-- Nothing to do in this phase.
