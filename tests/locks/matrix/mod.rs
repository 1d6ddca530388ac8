//! Facts against an independent measurement, where it is on this machine (`../shared/locks/matrix.csv`, or `PGPHASE_LOCKS`): a table
//! of statements with the locks, rewrites and scans that were seen on each major version.
//!
//! Every row is compared, or listed with the reason why it is not; the test fails where it is neither.

use std::collections::BTreeSet;
use std::fs;

use pgphase::expr::Expr;
use pgphase::name::QualifiedName;
use pgphase::object::{Kind, Object, ObjectId};
use pgphase::operation::Operation;
use pgphase::parse::parse_text;
use pgphase::plan::locks::Observer;
use pgphase::plan::{Facts, LockMode};
use pgphase::schema::Schema;

use crate::support::database::server_major;

mod listed;
mod partitioned;
mod prepared;
mod table;
mod types;

use listed::{DIFFERENT, NOT_COMPARED};
use table::{Row, place, rows};

/// What a statement does according to us, and the schema right before it.
struct Stated {
    facts: Facts,
    before: Schema,
}

/// Nothing where the statement is not one of operations of ours.
fn stated(row: &Row, major: u32) -> Result<Stated, String> {
    let text = prepared::before(&row.id);
    let fixture = parse_text("fixture.sql", &text).map_err(|error| format!("the fixture: {error}"))?;
    let parsed = parse_text("statement.sql", &format!("{text}\n{};", row.sql)).map_err(|error| error.to_string())?;
    let known = fixture.operations.len();
    let mut new = parsed.operations.get(known..).unwrap_or_default().to_vec();
    if row.id == "lock_table" {
        // A schema file locks nothing, a plan does.
        new.push(Operation::Lock {
            tables: vec![QualifiedName::new("app", "t")],
            mode: "ACCESS EXCLUSIVE".into(),
        });
    }
    if new.is_empty() || parsed.operations.get(..known) != Some(&fixture.operations[..]) {
        return Err("it says nothing".into());
    }
    let before = fixture.schema;
    let volatile = |default: &Expr| {
        let words = ["random", "clock_timestamp", "nextval", "gen_random_uuid"];
        let unmarked = row.id == "add_column_default_plpgsql_volatile_unmarked" && default.text.contains("f7");
        unmarked || words.iter().any(|word| default.text.contains(word))
    };
    let observer = Observer::new(&before, &before, major, &volatile);
    let (mut schema, mut facts) = (before.clone(), Facts::default());
    for operation in &new {
        facts.merge(observer.facts(operation, &schema));
        operation.apply(&mut schema).map_err(|error| error.to_string())?;
    }
    Ok(Stated { facts, before })
}

fn mode(facts: &Facts, relation: &QualifiedName) -> Option<LockMode> {
    let lock = facts.locks.iter().find(|lock| lock.relation == *relation);
    lock.map(|lock| lock.mode).filter(|mode| *mode > LockMode::AccessShare)
}

/// The table of an index that the schema knows.
fn indexed(index: &QualifiedName, schema: &Schema) -> Option<QualifiedName> {
    if let Some(Object::Index(index)) = schema.get(&ObjectId::named(Kind::Index, index)) {
        return Some(index.table.clone());
    }
    schema.of_kind(Kind::Constraint).find_map(|(_, object)| match object {
        Object::Constraint(key) if key.has_index() && key.name == index.name => Some(key.table.clone()),
        _ => None,
    })
}

/// Locks are compared exactly, those on indexes where they add to that on their table. A rewrite reads the rows and builds the
/// indexes, and building an index reads the rows.
fn differences(stated: &Stated, seen: &Facts) -> Vec<String> {
    let Stated { facts, before } = stated;
    let relations: BTreeSet<&QualifiedName> = facts
        .locks
        .iter()
        .chain(&seen.locks)
        .map(|lock| &lock.relation)
        .collect();
    let mut found = Vec::new();
    for relation in relations {
        let (said, saw) = (mode(facts, relation), mode(seen, relation));
        let differ = match indexed(relation, before) {
            Some(table) => {
                let covered = said.max(mode(facts, &table));
                said > saw || (saw >= Some(LockMode::Share) && covered < saw)
            }
            // What reads and writes take stops neither, and need not be said.
            None => {
                said != saw
                    && (said.is_some() || saw > Some(LockMode::RowExclusive))
                    && before
                        .relation(relation)
                        .is_some_and(|id| id.kind != Kind::CompositeType)
            }
        };
        if differ {
            found.push(format!("{relation}: stated {said:?}, measured {saw:?}"));
        }
    }
    let is = |list: &[QualifiedName], table: &QualifiedName| list.contains(table);
    let known = |table: &&QualifiedName| before.relation(table).is_some();
    let mut work =
        |what: &str, covers: &dyn Fn(&Facts, &QualifiedName) -> bool, said: &[QualifiedName], saw: &[QualifiedName]| {
            for table in saw.iter().filter(known).filter(|table| !covers(facts, table)) {
                found.push(format!("{what}: {table} not stated"));
            }
            for table in said.iter().filter(|table| !covers(seen, table)) {
                found.push(format!("{what}: {table} not measured"));
            }
        };
    work(
        "rewrites",
        &|of, table| is(&of.rewrites, table),
        &facts.rewrites,
        &seen.rewrites,
    );
    let builds = |of: &Facts, table: &QualifiedName| is(&of.rewrites, table) || is(&of.builds, table);
    work("builds", &builds, &facts.builds, &seen.builds);
    let scans = |of: &Facts, table: &QualifiedName| builds(of, table) || is(&of.scans, table);
    work("scans", &scans, &facts.scans, &seen.scans);
    found
}

fn is(ids: &str, id: &str) -> bool {
    ids.split_whitespace()
        .any(|word| word == id || word.strip_suffix('*').is_some_and(|start| id.starts_with(start)))
}

#[test]
fn facts_agree_with_the_independent_table() {
    let Ok(text) = fs::read_to_string(place()) else {
        eprintln!("skipped: there is no table of locks at {}", place().display());
        return;
    };
    let major = server_major();
    let (mut compared, mut refused, mut listed, mut known) = (0, 0, 0, 0);
    let (mut open, mut found) = (Vec::new(), Vec::new());
    let rows = rows(&text, major);
    for row in &rows {
        if row.is_refused() {
            refused += 1;
            continue;
        }
        if NOT_COMPARED.iter().any(|(ids, _)| is(ids, &row.id)) {
            listed += 1;
            continue;
        }
        let stated = match stated(row, major) {
            Ok(stated) => stated,
            Err(reason) => {
                open.push(format!("  {}: {}: {reason}", row.id, row.sql));
                continue;
            }
        };
        compared += 1;
        for difference in differences(&stated, &row.facts()) {
            if DIFFERENT
                .iter()
                .any(|(ids, part, _)| is(ids, &row.id) && difference.contains(part))
            {
                known += 1;
            } else {
                found.push(format!("  {}: {}: {difference}", row.id, row.sql));
            }
        }
    }
    eprintln!(
        "the table on PostgreSQL {major}: {} rows, {compared} compared with {known} known differences, {refused} refused by the server, {listed} listed",
        rows.len()
    );
    let (open, found) = (open.join("\n"), found.join("\n"));
    assert!(
        open.is_empty(),
        "neither compared nor listed:\n{open}\ndifferent:\n{found}"
    );
    assert!(found.is_empty(), "different:\n{found}");
}

/// What is listed is in the table, so that the lists say what is left out.
#[test]
fn the_lists_name_rows_of_the_table() {
    let Ok(text) = fs::read_to_string(place()) else { return };
    let all: Vec<Row> = (14..=18).flat_map(|major| rows(&text, major)).collect();
    let lists = NOT_COMPARED
        .iter()
        .map(|(ids, _)| *ids)
        .chain(DIFFERENT.iter().map(|(ids, ..)| *ids));
    for word in lists.flat_map(str::split_whitespace) {
        assert!(all.iter().any(|row| is(word, &row.id)), "no row is called {word}");
    }
}
