//! Transactions, and statements that PostgreSQL refuses or that go wrong in them.

use crate::lint::rule::{Check, Level, Rule};
use crate::lint::site::{Site, Told};
use crate::object::Object;
use crate::operation::{IfExists, Operation};

/// A statement that builds, drops, or detaches concurrently.
fn concurrent(site: &Site<'_>) -> bool {
    site.has_word("concurrently") && !site.opens("refresh")
}

fn with_time_limit(site: &Site<'_>) -> Vec<Told> {
    let builds = concurrent(site) && site.session.lock_timeout && !site.opens("alter");
    builds
        .then(|| {
            Told::new(
                "it waits for old transactions without keeping anybody waiting, but a lock timeout ends it there and leaves an \
                 invalid index",
            )
        })
        .into_iter()
        .collect()
}

fn hides_invalid(site: &Site<'_>) -> Vec<Told> {
    site.siblings
        .iter()
        .filter_map(|operation| match operation {
            Operation::Create {
                object: Object::Index(index),
                if_exists: IfExists::Skip,
                concurrently: true,
                ..
            } => Some(
                Told::new(format!(
                    "if an earlier build failed, {} is there and invalid, and this reports success",
                    index.name
                ))
                .at(&index.name.name),
            ),
            _ => None,
        })
        .collect()
}

fn label_used(site: &Site<'_>) -> Vec<Told> {
    if !site.session.in_transaction() {
        return Vec::new();
    }
    let used = site.session.labels.iter().find(|label| {
        let literal = format!("'{}'", label.replace('\'', "''"));
        site.tokens.iter().any(|token| token.contains(&literal))
    });
    used.map(|label| {
        Told::new(format!(
            "'{label}' has been added to its enum in this transaction and cannot be used before it is committed"
        ))
    })
    .into_iter()
    .collect()
}

fn waiting_lock(site: &Site<'_>) -> Vec<Told> {
    if concurrent(site) && site.session.advisory_lock {
        return vec![Told::new(
            "another session that waits in pg_advisory_lock holds a snapshot, for which this statement waits, while that session \
             waits for this one",
        )];
    }
    Vec::new()
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "concurrently-in-transaction",
        level: Level::Error,
        title: "a statement that cannot run in a transaction stands in one",
        why: "CREATE INDEX CONCURRENTLY and its like commit on their way, so PostgreSQL refuses them in a transaction block. Most \
              runners put each migration into one; each has a mark against it: -- +goose NO TRANSACTION, -- migrate:up \
              transaction:false, -- no-transaction (sqlx), run_in_transaction = false (Diesel), a file of its own \
              (golang-migrate, Flyway, Prisma).",
        bad: "BEGIN;\nCREATE INDEX CONCURRENTLY orders_placed_at_idx ON orders (placed_at);\nCOMMIT;",
        good: "CREATE INDEX CONCURRENTLY orders_placed_at_idx ON orders (placed_at);",
        fix: "put it into a migration of its own that runs without a transaction",
        refused: Some("25001"),
        check: Check::Reader,
        ..Rule::BLANK
    },
    Rule {
        id: "enum-value-used-at-once",
        level: Level::Error,
        title: "a new value of an enum is used in the transaction that adds it",
        why: "PostgreSQL refuses the value until the transaction that added it has been committed, unless the enum itself is new.",
        bad: "BEGIN;\nALTER TYPE order_state ADD VALUE 'sent';\nUPDATE orders SET state = 'sent' WHERE id = 1;\nCOMMIT;",
        good: "ALTER TYPE order_state ADD VALUE 'sent';\nUPDATE orders SET state = 'sent' WHERE id = 1;",
        fix: "add the value in an earlier migration",
        refused: Some("55P04"),
        check: Check::Statement(label_used),
        ..Rule::BLANK
    },
    Rule {
        id: "unfinished-transaction",
        level: Level::Error,
        title: "a transaction is begun and never committed",
        why: "The locks stay until the session ends, and then everything is taken back.",
        bad: "SET lock_timeout = '2s';\nBEGIN;\nALTER TABLE orders ADD COLUMN weight integer;",
        good: "SET lock_timeout = '2s';\nBEGIN;\nALTER TABLE orders ADD COLUMN weight integer;\nCOMMIT;",
        fix: "add COMMIT, or leave BEGIN out",
        check: Check::Reader,
        ..Rule::BLANK
    },
    Rule {
        id: "nested-transaction",
        level: Level::Warning,
        title: "a transaction begins inside another one",
        why: "PostgreSQL has no nested transactions: the second BEGIN gives a warning, and the first COMMIT ends everything. \
              Runners that put a migration into a transaction lose it in the middle.",
        bad: "BEGIN;\nBEGIN;\nCREATE TABLE notes (id bigint PRIMARY KEY);\nCOMMIT;",
        good: "BEGIN;\nCREATE TABLE notes (id bigint PRIMARY KEY);\nCOMMIT;",
        fix: "leave BEGIN and COMMIT out, or tell the runner not to use a transaction",
        check: Check::Reader,
        ..Rule::BLANK
    },
    Rule {
        id: "concurrently-with-lock-timeout",
        level: Level::Warning,
        title: "an index is built concurrently under a lock timeout",
        why: "A concurrent build waits for older transactions, during which nobody waits for it. A lock_timeout ends it there and \
              leaves an invalid index, which a second run with IF NOT EXISTS takes for a good one.",
        bad: "SET lock_timeout = '2s';\nCREATE INDEX CONCURRENTLY orders_placed_at_idx ON orders (placed_at);",
        good: "SET lock_timeout = 0;\nCREATE INDEX CONCURRENTLY orders_placed_at_idx ON orders (placed_at);",
        fix: "SET lock_timeout = 0 for it",
        check: Check::Statement(with_time_limit),
        ..Rule::BLANK
    },
    Rule {
        id: "concurrently-if-not-exists",
        level: Level::Info,
        title: "IF NOT EXISTS takes a failed build for an index",
        why: "A concurrent build that fails leaves an index of that name that is invalid. With IF NOT EXISTS the next run finds it \
              and reports success, and no query ever uses it. DROP INDEX CONCURRENTLY IF EXISTS before it can be run again and \
              again.",
        bad: "CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_placed_at_idx ON orders (placed_at);",
        good: "DROP INDEX CONCURRENTLY IF EXISTS orders_placed_at_idx;\n\
               CREATE INDEX CONCURRENTLY orders_placed_at_idx ON orders (placed_at);",
        fix: "drop the index IF EXISTS first, then build it",
        check: Check::Statement(hides_invalid),
        ..Rule::BLANK
    },
    Rule {
        id: "advisory-lock-and-concurrently",
        level: Level::Warning,
        title: "a blocking advisory lock and a concurrent build wait for each other",
        why: "A session that waits in pg_advisory_lock holds a snapshot. CREATE INDEX CONCURRENTLY in the session that holds the \
              lock waits for that snapshot: a deadlock (measured). pg_try_advisory_lock in a loop does not wait.",
        bad: "SELECT pg_advisory_lock(42);\nCREATE INDEX CONCURRENTLY orders_placed_at_idx ON orders (placed_at);",
        good: "SELECT pg_try_advisory_lock(42);\nCREATE INDEX CONCURRENTLY orders_placed_at_idx ON orders (placed_at);",
        fix: "use pg_try_advisory_lock, and try again until it gives true",
        check: Check::Statement(waiting_lock),
        ..Rule::BLANK
    },
];
