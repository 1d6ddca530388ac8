//! What is lost, or written all at once.

use crate::lint::command::Command;
use crate::lint::rule::{Check, Level, Rule};
use crate::lint::site::{Site, Told};
use crate::object::Kind;
use crate::operation::Operation;

/// A drop of something that was there before the migration.
fn dropped(site: &Site<'_>, kinds: &[Kind], words: &str) -> Vec<Told> {
    match site.operation {
        Some(Operation::Drop { id, .. }) if kinds.contains(&id.kind) && site.existed(id) => {
            let lost = if site.facts.loses.is_empty() {
                words.to_owned()
            } else {
                format!("{} is lost", site.facts.loses)
            };
            let name = id.own_name().clone();
            vec![Told::new(format!("{id} is dropped: {lost}")).at(&name)]
        }
        _ => Vec::new(),
    }
}

fn others(site: &Site<'_>) -> Vec<Told> {
    match site.operation {
        Some(Operation::Drop { id, .. })
            if !site.facts.loses.is_empty()
                && site.existed(id)
                && !matches!(id.kind, Kind::Table | Kind::Column | Kind::Namespace) =>
        {
            vec![Told::new(format!("{id} is dropped: {} is lost", site.facts.loses)).at(id.own_name())]
        }
        _ => Vec::new(),
    }
}

fn cascade(site: &Site<'_>) -> Vec<Told> {
    match site.operation {
        Some(Operation::Drop { id, cascade: true, .. }) if site.existed(id) => {
            let mut with: Vec<String> = crate::refs::dependents(site.schema, id)
                .iter()
                .filter(|other| !other.kind.is_satellite())
                .map(ToString::to_string)
                .collect();
            let more = with.len().saturating_sub(3);
            with.truncate(3);
            let what = match (with.is_empty(), more) {
                (true, _) => "whatever depends on it goes too".to_owned(),
                (false, 0) => format!("{} would go too", with.join(", ")),
                (false, more) => format!("{} and {more} more would go too", with.join(", ")),
            };
            vec![Told::new(format!("with CASCADE, {what}"))]
        }
        _ => Vec::new(),
    }
}

fn truncate(site: &Site<'_>, with_cascade: bool) -> Vec<Told> {
    match site.command {
        Some(Command::Truncate { tables, cascade }) if *cascade == with_cascade => {
            let old: Vec<String> = tables
                .iter()
                .filter(|table| site.relation_existed(table))
                .map(ToString::to_string)
                .collect();
            if old.is_empty() {
                return Vec::new();
            }
            let with = if with_cascade {
                ", and every row of each table that references them"
            } else {
                ""
            };
            vec![Told::new(format!("every row of {} is lost{with}", old.join(", ")))]
        }
        _ => Vec::new(),
    }
}

fn whole_table(site: &Site<'_>) -> Vec<Told> {
    match site.command {
        Some(Command::WholeTable { verb, table }) if site.relation_existed(table) => vec![
            Told::new(format!(
                "{verb} of every row of {table} in one statement: its rows stay locked until it is done, and as many dead rows \
                 are left"
            ))
            .at(&table.name),
        ],
        _ => Vec::new(),
    }
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "drop-table",
        title: "a table is dropped",
        why: "Every row is lost, and every application that still uses the table fails. Rename it for one release first: that can \
              be taken back.",
        bad: "SET lock_timeout = '2s';\nDROP TABLE unused;",
        good: "CREATE TABLE used (id bigint PRIMARY KEY);",
        fix: "drop it once no running application uses it, and a backup is there",
        setup: "CREATE TABLE unused (id bigint PRIMARY KEY);",
        check: Check::Operation(|site| dropped(site, &[Kind::Table], "applications that use it fail")),
        ..Rule::BLANK
    },
    Rule {
        id: "drop-column",
        title: "a column is dropped",
        why: "Every value is lost, and every application that still names the column fails; prepared statements with SELECT * fail \
              once in each session.",
        bad: "SET lock_timeout = '2s';\nALTER TABLE orders DROP COLUMN placed_at;",
        good: "SET lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN sent_at timestamptz;",
        fix: "drop it once no running application reads or writes it",
        check: Check::Operation(|site| dropped(site, &[Kind::Column], "applications that use it fail")),
        ..Rule::BLANK
    },
    Rule {
        id: "drop-view",
        title: "a view is dropped",
        why: "Every application that still reads it fails. CREATE OR REPLACE VIEW changes a view that keeps its columns, and adds new \
              ones behind them.",
        bad: "SET lock_timeout = '2s';\nDROP VIEW open_orders;",
        good: "SET lock_timeout = '2s';\nCREATE OR REPLACE VIEW open_orders AS SELECT id, total FROM orders;",
        fix: "drop it once no running application reads it",
        setup: "CREATE VIEW open_orders AS SELECT id FROM orders;",
        check: Check::Operation(|site| {
            dropped(
                site,
                &[Kind::View, Kind::MaterializedView],
                "applications that read it fail",
            )
        }),
        ..Rule::BLANK
    },
    Rule {
        id: "drop-routine",
        title: "a function or procedure is dropped",
        why: "Every application that still calls it fails. CREATE OR REPLACE changes the body of one that keeps its arguments.",
        bad: "DROP FUNCTION total_of(bigint);",
        good: "CREATE OR REPLACE FUNCTION total_of(id bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 2::bigint';",
        fix: "drop it once no running application calls it",
        setup: "CREATE FUNCTION total_of(id bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';",
        check: Check::Operation(|site| {
            let kinds = [Kind::Function, Kind::Procedure, Kind::Aggregate];
            dropped(site, &kinds, "applications that call it fail")
        }),
        ..Rule::BLANK
    },
    Rule {
        id: "drop-type",
        title: "a type is dropped",
        why: "Statements of applications that cast to it, or hand over values of it, fail.",
        bad: "DROP TYPE size;",
        good: "CREATE TYPE size_2 AS ENUM ('s', 'm', 'l');",
        fix: "drop it once no running application names it",
        setup: "CREATE TYPE size AS ENUM ('s', 'l');",
        check: Check::Operation(|site| {
            let kinds = [Kind::EnumType, Kind::CompositeType, Kind::RangeType, Kind::Domain];
            dropped(site, &kinds, "applications that name it fail")
        }),
        ..Rule::BLANK
    },
    Rule {
        id: "drop-schema",
        title: "a schema is dropped",
        why: "Applications that use anything in it fail.",
        bad: "DROP SCHEMA archive;",
        good: "CREATE SCHEMA archive_2;",
        fix: "drop its objects one by one, each once nothing uses it",
        setup: "CREATE SCHEMA archive;",
        check: Check::Operation(|site| dropped(site, &[Kind::Namespace], "applications that use what is in it fail")),
        ..Rule::BLANK
    },
    Rule {
        id: "drop-database",
        level: Level::Error,
        title: "a database is dropped",
        why: "Everything in it is lost.",
        bad: "DROP DATABASE IF EXISTS lint_no_such_database;",
        good: "SELECT 1;",
        fix: "leave it to whoever runs the server",
        check: Check::Statement(|site| {
            let drops = site.opens("drop database");
            drops
                .then(|| Told::new("everything in the database is lost"))
                .into_iter()
                .collect()
        }),
        ..Rule::BLANK
    },
    Rule {
        id: "data-loss",
        title: "something that holds data is dropped",
        why: "A sequence that is dropped forgets how far it has counted, a subscription how far it has applied changes; an extension \
              takes what it provides along.",
        bad: "SET lock_timeout = '2s';\nDROP SEQUENCE numbers;",
        good: "CREATE SEQUENCE more_numbers;",
        fix: "drop it once nothing uses it",
        setup: "CREATE SEQUENCE numbers;",
        check: Check::Operation(others),
        ..Rule::BLANK
    },
    Rule {
        id: "drop-cascade",
        title: "CASCADE drops what nobody has named",
        why: "Views, foreign keys, columns and functions that depend on the object go with it, and with another order of migrations \
              other ones. A reviewer cannot see which.",
        bad: "DROP COLLATION plain CASCADE;",
        good: "DROP COLLATION plain;",
        fix: "drop what depends on it by name, first",
        setup: "CREATE COLLATION plain (locale = 'C');",
        check: Check::Operation(cascade),
        ..Rule::BLANK
    },
    Rule {
        id: "truncate",
        title: "TRUNCATE deletes every row",
        why: "It takes ACCESS EXCLUSIVE, and nothing brings the rows back. Readers with an older snapshot see an empty table.",
        bad: "SET lock_timeout = '2s';\nTRUNCATE invoices;",
        good: "DELETE FROM invoices WHERE id < 100;",
        fix: "delete what has to go in batches",
        check: Check::Statement(|site| truncate(site, false)),
        ..Rule::BLANK
    },
    Rule {
        id: "truncate-cascade",
        level: Level::Error,
        title: "TRUNCATE CASCADE empties tables that nobody has named",
        why: "Every table with a foreign key to this one is emptied as well, and so on.",
        bad: "SET lock_timeout = '2s';\nTRUNCATE orders CASCADE;",
        good: "DELETE FROM invoices WHERE order_id < 100;",
        fix: "name every table that is to be emptied",
        check: Check::Statement(|site| truncate(site, true)),
        ..Rule::BLANK
    },
    Rule {
        id: "whole-table-write",
        title: "every row of a table is written in one statement",
        why: "Each row stays locked until the transaction ends, the table grows by as much as it holds, replicas fall behind, and \
              nothing is kept of what is done when it fails. In batches with a commit after each, none of this happens.",
        bad: "UPDATE orders SET total = 0;",
        good: "UPDATE orders SET total = 0 WHERE id BETWEEN 1 AND 1000;",
        fix: "do it in batches, each committed",
        check: Check::Statement(whole_table),
        ..Rule::BLANK
    },
];
