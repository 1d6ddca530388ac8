//! What lint calls blocking, against what a server does: its locks, and how many rows it reads.

use pgphase::lint::Options;

use super::{is_blocking, lint, schema};
use crate::support::database::{Database, server_major};

const FIXTURE: &str = "\
CREATE DOMAIN small AS integer CONSTRAINT small_check CHECK (VALUE < 100000);
CREATE TYPE mood AS ENUM ('ok');
CREATE TABLE parent (id bigint PRIMARY KEY, note text);
CREATE TABLE t (
    id bigint PRIMARY KEY, parent_id bigint, num integer, name varchar(20), label varchar(20), body text, price numeric(10, 2),
    at timestamp, size small, proved integer CONSTRAINT proof CHECK (proved IS NOT NULL), flagged integer
);
CREATE INDEX t_num_idx ON t (num);
CREATE INDEX t_label_idx ON t (lower(label));
CREATE TABLE child (id bigint PRIMARY KEY, t_id bigint CONSTRAINT child_t_id_fkey REFERENCES t (id));
CREATE TABLE keyless (id bigint, code bigint NOT NULL);
CREATE UNIQUE INDEX keyless_id_idx ON keyless (id);
CREATE UNIQUE INDEX keyless_code_idx ON keyless (code);
ALTER TABLE t ADD CONSTRAINT later CHECK (num > 0) NOT VALID;
CREATE TABLE pt (id bigint NOT NULL, v integer) PARTITION BY RANGE (id);
CREATE TABLE pt_1 PARTITION OF pt FOR VALUES FROM (0) TO (10000);
CREATE TABLE pt_next (id bigint NOT NULL, v integer);
";

const ROWS: &str = "
INSERT INTO parent SELECT n, 'x' FROM generate_series(1, 3000) n;
INSERT INTO t SELECT n, n, n, 'name', 'label', 'body', 1, now(), n, n, n FROM generate_series(1, 3000) n;
INSERT INTO child SELECT n, n FROM generate_series(1, 3000) n;
INSERT INTO keyless SELECT n, n FROM generate_series(1, 3000) n;
INSERT INTO pt SELECT n, n FROM generate_series(1, 3000) n;
INSERT INTO pt_next SELECT n + 20000, n FROM generate_series(1, 3000) n;
";

/// Statements that a transaction takes, so that its locks can be looked at before it ends.
const STATEMENTS: &[&str] = &[
    "ALTER TABLE t ADD COLUMN c integer",
    "ALTER TABLE t ADD COLUMN c integer NOT NULL DEFAULT 7",
    "ALTER TABLE t ADD COLUMN c timestamptz DEFAULT now()",
    "ALTER TABLE t ADD COLUMN c uuid DEFAULT gen_random_uuid()",
    "ALTER TABLE t ADD COLUMN c double precision DEFAULT random()",
    "ALTER TABLE t ADD COLUMN c serial",
    "ALTER TABLE t ADD COLUMN c bigint GENERATED ALWAYS AS IDENTITY",
    "ALTER TABLE t ADD COLUMN c integer GENERATED ALWAYS AS (num + 1) STORED",
    "ALTER TABLE t ADD COLUMN c small",
    "ALTER TABLE t ADD COLUMN c mood",
    "ALTER TABLE t ADD COLUMN c integer CHECK (c > 0)",
    "ALTER TABLE t ADD COLUMN c bigint REFERENCES parent (id)",
    "ALTER TABLE t ADD COLUMN c integer UNIQUE",
    "ALTER TABLE t DROP COLUMN body",
    "ALTER TABLE t ALTER COLUMN num SET DEFAULT 1",
    "ALTER TABLE t ALTER COLUMN num SET NOT NULL",
    "ALTER TABLE t ALTER COLUMN proved SET NOT NULL",
    "ALTER TABLE t ALTER COLUMN proved SET NOT NULL, DROP CONSTRAINT proof",
    "ALTER TABLE t ALTER COLUMN num DROP NOT NULL",
    "ALTER TABLE t ALTER COLUMN num SET STATISTICS 200",
    "ALTER TABLE t ALTER COLUMN body SET STORAGE EXTERNAL",
    "ALTER TABLE t ALTER COLUMN flagged TYPE bigint",
    "ALTER TABLE t ALTER COLUMN name TYPE varchar(50)",
    "ALTER TABLE t ALTER COLUMN name TYPE text",
    "ALTER TABLE t ALTER COLUMN name TYPE varchar(10)",
    "ALTER TABLE t ALTER COLUMN label TYPE varchar(50)",
    "ALTER TABLE t ALTER COLUMN price TYPE numeric(12, 2)",
    "ALTER TABLE t ALTER COLUMN price TYPE numeric(12, 3)",
    "ALTER TABLE t ALTER COLUMN body TYPE varchar(100)",
    "ALTER TABLE t ADD CONSTRAINT k CHECK (num > 0)",
    "ALTER TABLE t ADD CONSTRAINT k CHECK (num > 0) NOT VALID",
    "ALTER TABLE t VALIDATE CONSTRAINT later",
    "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (parent_id) REFERENCES parent (id)",
    "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (parent_id) REFERENCES parent (id) NOT VALID",
    "ALTER TABLE t ADD CONSTRAINT k UNIQUE (flagged)",
    "ALTER TABLE t DROP CONSTRAINT proof",
    "ALTER TABLE child DROP CONSTRAINT child_t_id_fkey",
    "ALTER TABLE keyless ADD CONSTRAINT k PRIMARY KEY USING INDEX keyless_id_idx",
    "ALTER TABLE keyless ADD CONSTRAINT k PRIMARY KEY USING INDEX keyless_code_idx",
    "ALTER TABLE keyless ADD CONSTRAINT k UNIQUE USING INDEX keyless_id_idx",
    "ALTER TABLE keyless ADD PRIMARY KEY (code)",
    "ALTER TABLE keyless ADD CONSTRAINT k EXCLUDE USING btree (id WITH =)",
    "CREATE INDEX i ON t (body)",
    "CREATE UNIQUE INDEX i ON t (num)",
    "CREATE INDEX i ON t (num) WHERE num > 5",
    "DROP INDEX t_num_idx",
    "ALTER INDEX t_num_idx RENAME TO t_num_idx_2",
    "ALTER INDEX t_pkey RENAME TO t_pkey_2",
    "ALTER TABLE t RENAME CONSTRAINT t_pkey TO t_pkey_2",
    "REINDEX TABLE t",
    "REINDEX INDEX t_num_idx",
    "CLUSTER t USING t_num_idx",
    "ALTER TABLE keyless SET UNLOGGED",
    "ALTER TABLE t SET (fillfactor = 70)",
    "ALTER TABLE t RENAME COLUMN body TO text",
    "ALTER TABLE t RENAME TO u",
    "ALTER DOMAIN small ADD CONSTRAINT k CHECK (VALUE > 0)",
    "ALTER DOMAIN small ADD CONSTRAINT k CHECK (VALUE > 0) NOT VALID",
    "ALTER TYPE mood ADD VALUE 'good'",
    "CREATE TABLE n (id bigint PRIMARY KEY, t_id bigint REFERENCES t (id))",
    "CREATE TABLE pt_2 PARTITION OF pt FOR VALUES FROM (10000) TO (20000)",
    "ALTER TABLE pt ATTACH PARTITION pt_next FOR VALUES FROM (20001) TO (30000)",
    "ALTER TABLE pt DETACH PARTITION pt_1",
    "ALTER TABLE pt ADD COLUMN c integer",
    "ALTER TABLE pt ADD CONSTRAINT k CHECK (v > 0)",
    "CREATE INDEX i ON pt (v)",
    "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY p ON t USING (true)",
    "COMMENT ON TABLE t IS 'x'",
    "UPDATE t SET num = num",
    "TRUNCATE child",
];

/// Whether the transaction holds a lock that writers of a table wait for, and has read that table to the end.
const LOOK: &str = "
select exists (
    select from pg_class c
    join pg_locks l on l.relation = c.oid and l.pid = pg_backend_pid() and l.granted
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and l.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
      and pg_stat_get_xact_tuples_returned(c.oid) >= 3000)";

#[test]
fn what_lint_calls_blocking_blocks() {
    let database = Database::new();
    database.sql(FIXTURE).expect("the fixture");
    database.sql(ROWS).expect("rows");
    database.sql("VACUUM ANALYZE").expect("statistics");
    let before = schema(FIXTURE);
    let options = Options {
        version: server_major(),
        ..Options::default()
    };
    let mut wrong = Vec::new();
    let mut blocking = 0;
    for statement in STATEMENTS {
        let script = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(script.path(), format!("BEGIN;\n{statement};\n{LOOK};\nROLLBACK;\n")).expect("written");
        let seen = match database.script(script.path()) {
            Ok(seen) => seen,
            Err(error) => {
                wrong.push(format!("{statement}: {error}"));
                continue;
            }
        };
        let blocks = seen.trim().ends_with('t');
        let report = lint(&before, &format!("SET lock_timeout = '2s';\n{statement};"), &options);
        let told: Vec<_> = report
            .findings
            .iter()
            .filter(|finding| is_blocking(finding.rule))
            .collect();
        blocking += usize::from(blocks);
        if blocks == told.is_empty() {
            wrong.push(format!("{statement}: the server blocks: {blocks}, lint says {told:?}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} differ:\n{}",
        wrong.len(),
        STATEMENTS.len(),
        wrong.join("\n")
    );
    assert!(blocking > 20, "only {blocking} of the statements block on the server");
}
