-- Version 2: backfills by several workers, and a log record of each step.
CREATE TABLE pgphase.range (
    plan    text        NOT NULL,
    step    text        NOT NULL,
    -- The table, the file that holds its rows, and the first page of the range: what identifies a range.
    oid     oid         NOT NULL,
    file    bigint      NOT NULL,
    first   bigint      NOT NULL,
    -- The next page and the page where the range ends; NULL: to the end of the table.
    page    bigint      NOT NULL,
    upto    bigint,
    rows    bigint      NOT NULL DEFAULT 0,
    -- Rows per second, when it was last measured.
    rate    double precision,
    updated timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    PRIMARY KEY (plan, step, oid, first),
    FOREIGN KEY (plan, step) REFERENCES pgphase.step (plan, step) ON DELETE CASCADE
);

-- How long the step took, what it worked on, and whether rollback.sql undoes it.
ALTER TABLE pgphase.step
    ADD COLUMN took_ms    bigint,
    ADD COLUMN tables     text[],
    ADD COLUMN undo       boolean,
    ADD COLUMN applied_by text NOT NULL DEFAULT session_user;

ALTER TABLE pgphase.plan
    ADD COLUMN abandoned timestamptz;

INSERT INTO pgphase.version (version) VALUES (2);
