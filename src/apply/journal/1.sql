-- Version 1 of the journal. Tables are only ever added to; a newer layout gets a new version and its own statements.
CREATE SCHEMA IF NOT EXISTS pgphase;

COMMENT ON SCHEMA pgphase IS 'The journal of pgphase: which steps of which plan have run here.';

CREATE TABLE pgphase.version (
    version   integer     NOT NULL PRIMARY KEY,
    installed timestamptz NOT NULL DEFAULT pg_catalog.now()
);

CREATE TABLE pgphase.plan (
    id          text        NOT NULL PRIMARY KEY,
    name        text        NOT NULL,
    -- Fingerprint and content of the schema that the plan started from.
    fingerprint text        NOT NULL,
    schema      text        NOT NULL,
    -- The plan as it was applied, so that its pending steps are known without its files.
    document    text        NOT NULL,
    tool        text        NOT NULL,
    started     timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    started_by  text        NOT NULL DEFAULT session_user,
    finished    timestamptz,
    -- The schema at the end of the last run: fingerprint, digest per object, and how many steps had run.
    state_fingerprint text,
    state_objects     text,
    state_steps       integer
);

CREATE TABLE pgphase.step (
    plan       text        NOT NULL REFERENCES pgphase.plan (id) ON DELETE CASCADE,
    step       text        NOT NULL,
    phase      text        NOT NULL,
    number     integer     NOT NULL,
    status     text        NOT NULL CHECK (status IN ('running', 'done', 'failed')),
    checksum   text        NOT NULL,
    started    timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    started_by text        NOT NULL DEFAULT session_user,
    finished   timestamptz,
    rows       bigint,
    -- Where a backfill is, saved in the transaction of the batch.
    position   text,
    error      text,
    PRIMARY KEY (plan, step)
);

CREATE TABLE pgphase.event (
    id     bigint      NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at     timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    who    text        NOT NULL DEFAULT session_user,
    plan   text,
    step   text,
    kind   text        NOT NULL,
    detail text
);

INSERT INTO pgphase.version (version) VALUES (1);
