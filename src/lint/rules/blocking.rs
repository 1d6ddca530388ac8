//! Work that grows with a table while reads or writes of it wait: what a plan calls the hazards `rewrite` and `blocking-scan`.
//! Every operation whose facts say so gets exactly one of these rules.

use crate::lint::assume::UNKNOWN;
use crate::lint::command::Command;
use crate::lint::rule::{Check, Level, Rule};
use crate::lint::site::{Site, Told, is_proof, waits};
use crate::name::{Ident, QualifiedName};
use crate::object::column::ColumnChange;
use crate::object::constraint::ConstraintRule;
use crate::object::domain::DomainChange;
use crate::object::table::TableChange;
use crate::object::{Change, Object, ObjectId};
use crate::operation::Operation;

/// The rule for a blocking operation.
fn rule_of(operation: &Operation, site: &Site<'_>) -> &'static str {
    match operation {
        Operation::Create { object, .. } => match object {
            Object::Index(_) => "index-not-concurrent",
            Object::Column(column) => match () {
                () if column.generated.is_some() => "stored-generated-column",
                () if column.identity.is_some() || is_serial(operation, site.siblings) => "identity-on-existing-table",
                () if column.default.is_some() => "volatile-default",
                () => "constrained-domain-column",
            },
            Object::Constraint(constraint) => match &constraint.rule {
                ConstraintRule::PrimaryKey(_) | ConstraintRule::Unique(_) => "key-not-using-index",
                ConstraintRule::ForeignKey(_) => "foreign-key-validated-at-once",
                ConstraintRule::Check { .. } => "check-validated-at-once",
                ConstraintRule::NotNull { .. } => "set-not-null-scans",
                ConstraintRule::Exclude(_) => "exclusion-constraint",
            },
            Object::DomainConstraint(_) => "domain-check-scans",
            Object::Table(_) => "default-partition-scans",
            _ => "blocking-scan",
        },
        Operation::UseIndex { .. } => "primary-key-scans-for-nulls",
        Operation::Alter { change, .. } => match change {
            Change::Column(ColumnChange::NotNull(true)) if proof_goes(site) => "not-null-proof-dropped",
            Change::Column(ColumnChange::NotNull(true)) => "set-not-null-scans",
            Change::Column(ColumnChange::Type { .. }) if site.facts.rewrites.is_empty() => "type-change-rebuilds",
            Change::Column(ColumnChange::Type { .. }) => "type-change-rewrites",
            Change::Column(ColumnChange::Generated(_)) => "stored-generated-column",
            Change::Table(TableChange::Attach(_)) => "attach-partition-scans",
            Change::Table(_) => "table-rewrite",
            Change::Domain(DomainChange::NotNull(_)) | Change::DomainConstraint(_) => "domain-check-scans",
            _ => "blocking-scan",
        },
        _ => "blocking-scan",
    }
}

fn is_serial(operation: &Operation, siblings: &[Operation]) -> bool {
    let Operation::Create {
        object: Object::Column(column),
        ..
    } = operation
    else {
        return false;
    };
    siblings.iter().any(|sibling| match sibling {
        Operation::Create {
            object: Object::Sequence(sequence),
            ..
        } => sequence
            .owned_by
            .as_ref()
            .is_some_and(|owner| owner.table == column.table && owner.column == column.name),
        _ => false,
    })
}

fn proof_goes(site: &Site<'_>) -> bool {
    let column = site.operation.and_then(Operation::subject);
    site.siblings.iter().any(|sibling| match (sibling, &column) {
        (Operation::Drop { id, .. }, Some(column)) => is_proof(site.schema, id, column),
        _ => false,
    })
}

/// What this rule says, where it is the one for the operation.
fn told(site: &Site<'_>, rule: &str) -> Vec<Told> {
    let Some(operation) = site.operation.filter(|_| site.blocks()) else {
        return Vec::new();
    };
    if rule_of(operation, site) != rule {
        return Vec::new();
    }
    let name = operation.subject().map(|id| id.own_name().clone());
    let mut message = waits(site.facts);
    if let Some(doubt) = doubt(operation, site) {
        message = format!("{message}, {doubt}");
    }
    let mut told = Told::new(message);
    told.at = name;
    told.instead = instead(operation);
    vec![told]
}

/// Where what was there before is not known, the worst is assumed.
fn doubt(operation: &Operation, site: &Site<'_>) -> Option<String> {
    let Operation::Alter {
        id,
        change: Change::Column(ColumnChange::Type { .. }),
    } = operation
    else {
        return None;
    };
    let column = site.schema.column(&id.qualified(), id.own_name())?;
    (column.type_name.name.as_str() == UNKNOWN).then(|| {
        "unless its type, which no file read here tells, only becomes wider (--from names the schema before)".to_owned()
    })
}

/// The statement to write instead, where it is another form of the same one.
fn instead(operation: &Operation) -> Option<String> {
    match operation {
        Operation::Create {
            object: Object::Constraint(constraint),
            ..
        } => {
            let (table, name) = (&constraint.table, &constraint.name);
            match &constraint.rule {
                ConstraintRule::ForeignKey(_) | ConstraintRule::Check { .. } => Some(format!(
                    "add it NOT VALID; then, in a later transaction: ALTER TABLE {table} VALIDATE CONSTRAINT {name};"
                )),
                ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => {
                    let kind = match constraint.rule {
                        ConstraintRule::PrimaryKey(_) => "PRIMARY KEY",
                        _ => "UNIQUE",
                    };
                    Some(format!(
                        "CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({}); ALTER TABLE {table} ADD CONSTRAINT {name} {kind} \
                         USING INDEX {name};",
                        list(&key.columns)
                    ))
                }
                _ => None,
            }
        }
        Operation::Alter {
            id,
            change: Change::Column(ColumnChange::NotNull(true)),
        } => Some(not_null(&id.qualified(), id)),
        _ => None,
    }
}

fn not_null(table: &QualifiedName, column: &ObjectId) -> String {
    let column = column.own_name();
    format!(
        "ALTER TABLE {table} ADD CONSTRAINT {column}_set CHECK ({column} IS NOT NULL) NOT VALID; then VALIDATE CONSTRAINT \
         {column}_set; then SET NOT NULL; and DROP CONSTRAINT {column}_set in a statement of its own"
    )
}

fn list(columns: &[Ident]) -> String {
    columns.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// A command that blocks.
fn command(site: &Site<'_>, fits: impl Fn(&Command) -> bool) -> Vec<Told> {
    match site.command {
        Some(command) if fits(command) && site.blocks() => vec![Told::new(waits(site.facts))],
        Some(command) if fits(command) && site.facts.locks.is_empty() && site.opens("reindex") => {
            vec![Told::new("every table of it has its indexes built while writes wait")]
        }
        _ => Vec::new(),
    }
}

/// Work that grows with a table in a transaction that took a strong lock before, or in one statement with it.
fn while_locked(site: &Site<'_>) -> Vec<Told> {
    if !site.facts.grows()
        || matches!(
            site.command,
            Some(Command::Reindex | Command::Repack { .. } | Command::Refresh(_))
        )
    {
        return Vec::new();
    }
    let work = || {
        let facts = site.facts;
        let tables = [&facts.rewrites, &facts.builds, &facts.scans];
        let table = tables.iter().find_map(|list| list.first());
        table.map(ToString::to_string).unwrap_or_default()
    };
    if let Some(held) = site.session.held.iter().max_by_key(|held| held.mode) {
        let who = if held.mode.blocks_reads() {
            "reads and writes"
        } else {
            "writes"
        };
        return vec![Told::new(format!(
            "{} is read completely while {} on {}, taken in line {}, is held: its {who} wait until the transaction ends",
            work(),
            held.mode,
            held.relation,
            held.line
        ))];
    }
    let alone_blocks = site.siblings.iter().any(|operation| {
        matches!(
            operation,
            Operation::Alter {
                change: Change::Constraint(_),
                ..
            }
        )
    });
    if site.command.is_none() && site.blocks() && alone_blocks && validates_only(site) {
        return vec![Told::new(waits(site.facts))];
    }
    Vec::new()
}

/// Whether what grows is a validation, which blocks nobody alone, and another action of the statement brings the lock.
fn validates_only(site: &Site<'_>) -> bool {
    site.siblings.iter().all(|operation| match operation {
        Operation::Alter {
            change: Change::Constraint(crate::object::constraint::ConstraintChange::Validate),
            ..
        } => true,
        Operation::Create {
            object: Object::Constraint(constraint),
            ..
        } => constraint.not_valid,
        Operation::Create { object, .. } => {
            matches!(object, Object::Column(column) if column.default.is_none() && column.identity.is_none())
        }
        Operation::Drop { .. } => true,
        _ => false,
    })
}

macro_rules! facts_rule {
    ($id:literal, $($field:ident: $value:expr),+ $(,)?) => {
        Rule {
            id: $id,
            level: Level::Error,
            check: Check::Operation(|site| told(site, $id)),
            $($field: $value,)+
            ..Rule::BLANK
        }
    };
}

pub(super) const RULES: &[Rule] = &[
    facts_rule! { "index-not-concurrent",
        title: "an index is built while writes wait",
        why: "CREATE INDEX holds SHARE on the table until the index is built, so every INSERT, UPDATE and DELETE waits. With \
              CONCURRENTLY it takes longer, but nobody waits. It cannot run in a transaction block, and a build that fails \
              leaves an invalid index to be dropped.",
        bad: "CREATE INDEX orders_placed_at_idx ON orders (placed_at);",
        good: "CREATE INDEX CONCURRENTLY orders_placed_at_idx ON orders (placed_at);",
        fix: "build it with CONCURRENTLY, outside a transaction",
    },
    facts_rule! { "key-not-using-index",
        title: "a key builds its index while reads and writes wait",
        why: "ADD PRIMARY KEY and ADD UNIQUE build an index under ACCESS EXCLUSIVE. Built beforehand with CONCURRENTLY, the \
              constraint takes the index over in an instant.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE customers ADD CONSTRAINT customers_email_key UNIQUE (email);",
        good: "CREATE UNIQUE INDEX CONCURRENTLY customers_email_key ON customers (email);\nSET lock_timeout = '2s';\n\
               ALTER TABLE customers ADD CONSTRAINT customers_email_key UNIQUE USING INDEX customers_email_key;",
        fix: "build a unique index with CONCURRENTLY first, then add the constraint USING INDEX",
    },
    facts_rule! { "primary-key-scans-for-nulls",
        title: "a primary key over a nullable column reads the table while reads and writes wait",
        why: "PRIMARY KEY USING INDEX makes its columns NOT NULL. Where they are nullable, the table is read under ACCESS \
              EXCLUSIVE to see that they hold no null.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE plain ADD CONSTRAINT plain_pkey PRIMARY KEY USING INDEX plain_id_idx;",
        good: "SET lock_timeout = '2s';\nALTER TABLE plain ADD CONSTRAINT id_set CHECK (id IS NOT NULL) NOT VALID;\n\
               ALTER TABLE plain VALIDATE CONSTRAINT id_set;\nALTER TABLE plain ALTER COLUMN id SET NOT NULL;\n\
               ALTER TABLE plain ADD CONSTRAINT plain_pkey PRIMARY KEY USING INDEX plain_id_idx;\n\
               ALTER TABLE plain DROP CONSTRAINT id_set;",
        fix: "set the columns NOT NULL first, with a validated CHECK as proof",
        setup: "CREATE TABLE plain (id bigint, note text);\nCREATE UNIQUE INDEX plain_id_idx ON plain (id);",
    },
    facts_rule! { "foreign-key-validated-at-once",
        title: "a foreign key reads both tables while their writes wait",
        why: "ADD FOREIGN KEY holds SHARE ROW EXCLUSIVE on both tables while every row is looked up. Added NOT VALID it counts \
              for new rows at once, and VALIDATE CONSTRAINT in a later transaction lets reads and writes go on.",
        bad: "SET lock_timeout = '2s';\n\
              ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id);",
        good: "SET lock_timeout = '2s';\n\
               ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;\n\
               ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_id_fkey;",
        fix: "add it NOT VALID, and VALIDATE CONSTRAINT in a later transaction",
    },
    facts_rule! { "check-validated-at-once",
        title: "a check reads the table while reads and writes wait",
        why: "ADD CHECK reads every row under ACCESS EXCLUSIVE, also when it is written with a new column. Added NOT VALID it \
              counts for new rows at once, and VALIDATE CONSTRAINT in a later transaction lets reads and writes go on.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0);",
        good: "SET lock_timeout = '2s';\nALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0) NOT VALID;\n\
               ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check;",
        fix: "add it NOT VALID, and VALIDATE CONSTRAINT in a later transaction",
    },
    facts_rule! { "set-not-null-scans",
        title: "SET NOT NULL reads the table while reads and writes wait",
        why: "SET NOT NULL reads every row under ACCESS EXCLUSIVE, unless a validated CHECK (column IS NOT NULL) proves that there \
              is no null. Adding that check NOT VALID and validating it lets reads and writes go on. From PostgreSQL 18 on, ADD \
              CONSTRAINT name NOT NULL column NOT VALID does without the check.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE customers ALTER COLUMN email SET NOT NULL;",
        good: "SET lock_timeout = '2s';\nALTER TABLE customers ADD CONSTRAINT email_set CHECK (email IS NOT NULL) NOT VALID;\n\
               ALTER TABLE customers VALIDATE CONSTRAINT email_set;\nALTER TABLE customers ALTER COLUMN email SET NOT NULL;\n\
               ALTER TABLE customers DROP CONSTRAINT email_set;",
        fix: "prove it first by a CHECK that is added NOT VALID and validated",
    },
    facts_rule! { "not-null-proof-dropped",
        title: "the proof of a not-null goes in the same statement, so the table is read after all",
        why: "A validated CHECK (column IS NOT NULL) saves SET NOT NULL from reading the table. Dropped in the same ALTER TABLE it \
              proves nothing: PostgreSQL drops first, and the table is read under ACCESS EXCLUSIVE.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE orders ALTER COLUMN note SET NOT NULL, DROP CONSTRAINT orders_note_not_null;",
        good: "SET lock_timeout = '2s';\nALTER TABLE orders ALTER COLUMN note SET NOT NULL;\n\
               ALTER TABLE orders DROP CONSTRAINT orders_note_not_null;",
        fix: "drop the check in a statement of its own, after SET NOT NULL",
    },
    facts_rule! { "volatile-default",
        title: "a column with a volatile default rewrites the table",
        why: "A default that is another one for each row (gen_random_uuid(), clock_timestamp(), nextval()) has to be computed for \
              every existing row when it comes with ADD COLUMN: the table is rewritten under ACCESS EXCLUSIVE. Constants and now() \
              are not.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid();",
        good: "SET lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN token uuid, ALTER COLUMN token SET DEFAULT gen_random_uuid();",
        fix: "add the column without it, set the default by ALTER COLUMN after that or beside it, and fill the old rows in batches",
    },
    facts_rule! { "identity-on-existing-table",
        title: "a serial or identity column rewrites the table",
        why: "Every existing row gets a number of its own when the column is added, so the table and its indexes are rewritten \
              under ACCESS EXCLUSIVE.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN number bigint GENERATED BY DEFAULT AS IDENTITY;",
        good: "SET lock_timeout = '2s';\nCREATE SEQUENCE orders_number_seq;\n\
               ALTER TABLE orders ADD COLUMN number bigint, ALTER COLUMN number SET DEFAULT nextval('orders_number_seq');",
        fix: "add a plain column, give it the sequence as its default, and fill the old rows in batches",
    },
    facts_rule! { "stored-generated-column",
        title: "a stored generated column rewrites the table",
        why: "Its value is computed for every existing row under ACCESS EXCLUSIVE, on every version. There is no online form: a \
              plain column kept by a trigger does the same, and from PostgreSQL 18 on a VIRTUAL column needs no storage.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN gross integer GENERATED ALWAYS AS (total * 2) STORED;",
        good: "SET lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN gross integer;",
        fix: "use a plain column with a trigger, or from PostgreSQL 18 on a VIRTUAL one",
    },
    facts_rule! { "constrained-domain-column",
        title: "a column of a domain with a constraint rewrites the table",
        why: "PostgreSQL checks the domain for every existing row, even where the column is null everywhere, by rewriting the \
              table under ACCESS EXCLUSIVE (measured on 14 to 18).",
        bad: "SET lock_timeout = '2s';\nALTER TABLE invoices ADD COLUMN items quantity;",
        good: "SET lock_timeout = '2s';\n\
               ALTER TABLE invoices ADD COLUMN items integer, ADD CONSTRAINT items_positive CHECK (items > 0) NOT VALID;\n\
               ALTER TABLE invoices VALIDATE CONSTRAINT items_positive;",
        fix: "use the type the domain is based on, with the constraint as a CHECK that is added NOT VALID",
    },
    facts_rule! { "type-change-rewrites",
        title: "another type rewrites the table",
        why: "Most changes of type rewrite the table and all its indexes under ACCESS EXCLUSIVE. Only a few do not: a longer \
              varchar or none, varchar to text, a greater precision of numeric with the same scale. A new column that a trigger \
              keeps in step, filled in batches and swapped in, does it without; pgphase plan makes that plan.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE customers ALTER COLUMN age TYPE bigint;",
        good: "SET lock_timeout = '2s';\nALTER TABLE customers ALTER COLUMN name TYPE varchar(200);",
        fix: "go through a new column; pgphase plan does that by itself",
    },
    facts_rule! { "type-change-rebuilds",
        title: "another type rebuilds indexes or repeats checks while reads and writes wait",
        why: "Even where a change of type leaves the rows alone, indexes with an expression or a condition on the column are \
              rebuilt, and checks on it are repeated, under ACCESS EXCLUSIVE; another collation rebuilds every index on it.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE labels ALTER COLUMN label TYPE varchar(80);",
        good: "DROP INDEX CONCURRENTLY labels_lower_idx;\nSET lock_timeout = '2s';\n\
               ALTER TABLE labels ALTER COLUMN label TYPE varchar(80);\nSET lock_timeout = 0;\n\
               CREATE INDEX CONCURRENTLY labels_lower_idx ON labels (lower(label));",
        fix: "take the indexes and checks that mention the column away first, and make them anew concurrently, or NOT VALID, after",
        setup: "CREATE TABLE labels (id bigint PRIMARY KEY, label varchar(40));\nCREATE INDEX labels_lower_idx ON labels (lower(label));",
    },
    facts_rule! { "exclusion-constraint",
        title: "an exclusion constraint builds its index while reads and writes wait",
        why: "There is no USING INDEX for exclusion constraints, so the index is built under ACCESS EXCLUSIVE. There is no online \
              form. It costs nothing on a new table.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE stays ADD CONSTRAINT stays_excl EXCLUDE USING gist (during WITH &&);",
        good: "CREATE TABLE stays_new (id bigint PRIMARY KEY, during tstzrange, EXCLUDE USING gist (during WITH &&));",
        fix: "make the constraint with the table, or accept the wait at a quiet time",
        setup: "CREATE TABLE stays (id bigint PRIMARY KEY, during tstzrange);",
    },
    facts_rule! { "attach-partition-scans",
        title: "ATTACH PARTITION reads the new partition",
        why: "Every row is checked against the bound while the new partition is locked with ACCESS EXCLUSIVE; a default partition \
              is read as well. A valid CHECK that implies the bound saves the scan.",
        bad: "SET lock_timeout = '2s';\n\
              ALTER TABLE measurements ATTACH PARTITION measurements_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');",
        good: "SET lock_timeout = '2s';\nCREATE TABLE measurements_2027 (taken_at timestamptz NOT NULL, value integer);\n\
               ALTER TABLE measurements ATTACH PARTITION measurements_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');",
        fix: "attach it while it is empty, or add a CHECK for the bound NOT VALID and validate it first",
    },
    facts_rule! { "default-partition-scans",
        title: "a new partition reads the default partition while reads and writes wait",
        why: "PostgreSQL has to see that no row in the default partition belongs into the new one: it is read under ACCESS \
              EXCLUSIVE, and the parent is locked as long.",
        bad: "SET lock_timeout = '2s';\nCREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1);",
        good: "CREATE TABLE events_by_kind (kind integer PRIMARY KEY, note text) PARTITION BY LIST (kind);",
        fix: "give the default partition a validated CHECK that excludes the new bound, or do without a default partition",
        setup: "CREATE TABLE events (kind integer NOT NULL, note text) PARTITION BY LIST (kind);\n\
                CREATE TABLE events_rest PARTITION OF events DEFAULT;",
    },
    facts_rule! { "domain-check-scans",
        title: "a domain constraint reads every table that uses the domain while writes wait",
        why: "Adding a check to a domain, or making it NOT NULL, reads every table with a column of it, each under SHARE. NOT VALID \
              adds a check for new values only; validating it reads the tables just the same.",
        bad: "ALTER DOMAIN quantity ADD CONSTRAINT quantity_small CHECK (VALUE < 1000);",
        good: "ALTER DOMAIN quantity ADD CONSTRAINT quantity_small CHECK (VALUE < 1000) NOT VALID;",
        fix: "add it NOT VALID, or use checks on the tables",
    },
    facts_rule! { "table-rewrite",
        title: "a setting of the table rewrites or copies it",
        why: "SET LOGGED, SET UNLOGGED, SET ACCESS METHOD and SET TABLESPACE write the whole table anew under ACCESS EXCLUSIVE.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE invoices SET UNLOGGED;",
        good: "CREATE UNLOGGED TABLE invoices_import (id bigint PRIMARY KEY, order_id bigint);",
        fix: "choose it when the table is made, or accept the wait at a quiet time",
    },
    facts_rule! { "blocking-scan",
        title: "a table is read, or an index built, while reads or writes wait",
        why: "What the operation does grows with the size of a table, and others wait for the table until it is done.",
        bad: "SET lock_timeout = '2s';\nALTER INDEX orders_total_idx SET TABLESPACE pg_default;",
        good: "SET lock_timeout = '2s';\nALTER INDEX orders_total_idx SET (fillfactor = 80);",
        fix: "accept the wait at a quiet time, or look for a form that works beside the table",
    },
    Rule {
        id: "reindex-not-concurrent",
        level: Level::Error,
        title: "REINDEX keeps writes waiting",
        why: "REINDEX holds SHARE on the table and ACCESS EXCLUSIVE on the index, which every query that might use it waits for.",
        bad: "REINDEX TABLE orders;",
        good: "REINDEX TABLE CONCURRENTLY orders;",
        fix: "use REINDEX ... CONCURRENTLY",
        check: Check::Statement(|site| command(site, |command| *command == Command::Reindex)),
        ..Rule::BLANK
    },
    Rule {
        id: "vacuum-full",
        level: Level::Error,
        title: "VACUUM FULL and CLUSTER rewrite the table",
        why: "They write the table and its indexes anew under ACCESS EXCLUSIVE. Plain VACUUM does not; pg_repack and pg_squeeze \
              do the same beside the table.",
        bad: "SET lock_timeout = '2s';\nVACUUM FULL orders;",
        good: "VACUUM orders;",
        fix: "use plain VACUUM, or pg_repack",
        check: Check::Statement(|site| command(site, |command| matches!(command, Command::Repack { .. }))),
        ..Rule::BLANK
    },
    Rule {
        id: "refresh-not-concurrent",
        level: Level::Warning,
        title: "REFRESH MATERIALIZED VIEW keeps readers of the view waiting",
        why: "It holds ACCESS EXCLUSIVE on the view while its query runs. CONCURRENTLY lets readers go on; it needs a unique index \
              over plain columns.",
        bad: "SET lock_timeout = '2s';\nREFRESH MATERIALIZED VIEW order_counts;",
        good: "SET lock_timeout = '2s';\nREFRESH MATERIALIZED VIEW CONCURRENTLY order_counts;",
        fix: "use CONCURRENTLY, with a unique index on the view",
        check: Check::Statement(|site| match site.command {
            Some(Command::Refresh(view)) if site.relation_existed(view) => {
                vec![Told::new(format!("reads of {view} wait until its query has run"))]
            }
            _ => Vec::new(),
        }),
        ..Rule::BLANK
    },
    Rule {
        id: "scan-while-locked",
        level: Level::Error,
        title: "a table is read while a transaction holds a strong lock",
        why: "Locks are kept until the transaction ends. What blocks nobody alone, such as VALIDATE CONSTRAINT or an UPDATE, \
              blocks everybody for as long as it takes once the transaction holds ACCESS EXCLUSIVE from an earlier statement: NOT \
              VALID and VALIDATE in one transaction are no better than the plain constraint.",
        bad: "SET lock_timeout = '2s';\nBEGIN;\nALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0) NOT VALID;\n\
              ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check;\nCOMMIT;",
        good: "SET lock_timeout = '2s';\nALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0) NOT VALID;\n\
               ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check;",
        fix: "commit before it, or put it into a migration of its own",
        check: Check::Statement(while_locked),
        ..Rule::BLANK
    },
];
