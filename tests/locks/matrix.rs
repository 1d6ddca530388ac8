//! Facts against an independent measurement, where it is on this machine (`../shared/locks/matrix.csv`, or `PGPHASE_LOCKS`): a table
//! of statements on one fixture, with the locks, rewrites and scans that were seen on each major version.
//!
//! Only statements that pgphase reads, on relations of the fixture as it stands here, and with one meaning there: the table names
//! some statements several times, after preparations that it does not tell.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use pgphase::expr::Expr;
use pgphase::name::QualifiedName;
use pgphase::operation::Operation;
use pgphase::parse::parse_text;
use pgphase::plan::locks::Observer;
use pgphase::plan::{Facts, LockMode};
use pgphase::schema::Schema;

use crate::support::database::server_major;

const FIXTURE: &str = "
CREATE TABLE public.parent (id bigint PRIMARY KEY, x int);
CREATE TABLE public.t (id bigint PRIMARY KEY, parent_id bigint CONSTRAINT t_parent_fk REFERENCES public.parent (id),
    name text NOT NULL, n int, amount numeric, flag boolean DEFAULT false, note text);
CREATE INDEX t_name_idx ON public.t (name);
CREATE TABLE public.child (id bigint PRIMARY KEY, t_id bigint CONSTRAINT child_t_fk REFERENCES public.t (id));
CREATE INDEX child_t_id_idx ON public.child (t_id);
CREATE VIEW public.v_t AS SELECT id, name FROM public.t;
CREATE TABLE public.other (id bigint PRIMARY KEY, x int);
CREATE DOMAIN public.d0 AS int;
CREATE DOMAIN public.dpos AS int CHECK (VALUE > 0);
CREATE DOMAIN public.dd AS int DEFAULT 3;
CREATE DOMAIN public.dnn AS int NOT NULL;
";

/// Where the two differ, and why: the id of the row, a part of the difference, the reason.
const KNOWN: &[(&str, &str, &str)] = &[
    (
        "drop_table_referenced_cascade",
        "public.child",
        "CASCADE is read from files and never planned",
    ),
    (
        "drop_column_referenced_cascade",
        "public.child",
        "CASCADE is read from files and never planned",
    ),
    (
        "drop_pk_referenced_cascade",
        "public.child",
        "CASCADE is read from files and never planned",
    ),
    (
        "drop_schema_cascade",
        "",
        "CASCADE is read from files and never planned",
    ),
    (
        "set_tablespace",
        "rewrites",
        "the table counts the copy of a file as no rewrite; it takes as long as one",
    ),
    ("set_tablespace_same", "rewrites", "what is so already is never planned"),
    ("set_logged_already", "rewrites", "what is so already is never planned"),
    (
        "set_access_method_same",
        "rewrites",
        "what is so already is never planned",
    ),
    (
        "drop_column_if_exists_missing",
        "",
        "what is so already is never planned",
    ),
    (
        "drop_constraint_if_exists_missing",
        "",
        "what is so already is never planned",
    ),
    ("validate_fk_already_valid", "", "what is so already is never planned"),
    (
        "create_index_if_not_exists_present",
        "",
        "what is so already is never planned",
    ),
    (
        "create_index_concurrently_if_not_exists_present",
        "",
        "what is so already is never planned",
    ),
    (
        "create_index_invalid_if_not_exists",
        "",
        "what is so already is never planned",
    ),
    (
        "cluster",
        "",
        "read as its lasting effect, the mark on the index; rows are never ordered by a plan",
    ),
    (
        "add_column_references_nodefault",
        "scan",
        "planned as two steps, of which the second scans",
    ),
    (
        "add_column_references_self",
        "scan",
        "planned as two steps, of which the second scans",
    ),
    (
        "alter_index_rename_pk",
        "public.t",
        "written as RENAME CONSTRAINT, which the table measures as ACCESS EXCLUSIVE",
    ),
];

fn place() -> PathBuf {
    std::env::var_os("PGPHASE_LOCKS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/locks/matrix.csv"),
        PathBuf::from,
    )
}

/// The records of a file of comma-separated values, by the names in its first line.
fn records(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut rows: Vec<Vec<String>> = vec![vec![String::new()]];
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let row = rows.last_mut().expect("a row");
        match letter {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => row.last_mut().expect("a field").push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            '\r' if !quoted => {}
            other => row.last_mut().expect("a field").push(other),
        }
    }
    let mut rows = rows.into_iter();
    let names = rows.next().unwrap_or_default();
    rows.filter(|row| row.len() == names.len())
        .map(|row| names.iter().cloned().zip(row).collect())
        .collect()
}

fn mode(word: &str) -> Option<LockMode> {
    let name = word.strip_suffix("Lock")?;
    let mut spaced = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !spaced.is_empty() {
            spaced.push('_');
        }
        spaced.push(letter.to_ascii_uppercase());
    }
    serde_json::from_value(spaced.into()).ok()
}

/// What the table says of one statement, as facts; only of the relations of the fixture.
fn measured(row: &BTreeMap<String, String>, fixture: &Schema) -> Facts {
    let mut facts = Facts::default();
    let field = |name: &str| row.get(name).map_or("", String::as_str);
    let target = field("notes")
        .split_once("target=")
        .map_or("t", |(_, rest)| rest.split([' ', '|']).next().unwrap_or_default());
    let mut lock = |name: &str, word: &str| {
        let name = QualifiedName::new("public", name);
        if let (Some(mode), true) = (mode(word), fixture.table(&name).is_some()) {
            facts.lock(&name, mode);
        }
    };
    lock(target, field("lock_on_target"));
    for other in field("locks_on_others").split(';') {
        if let Some((name, word)) = other.split_once(':') {
            lock(name, word);
        }
    }
    let target = QualifiedName::new("public", target);
    if field("rewrites_heap") == "true" {
        facts.rewrites.push(target.clone());
    } else if field("scans_heap") == "true" {
        facts.scans.push(target);
    }
    facts
}

fn differences(stated: &Facts, seen: &Facts, fixture: &Schema) -> Vec<String> {
    let mode = |facts: &Facts, table: &QualifiedName| {
        let lock = facts.locks.iter().find(|lock| lock.relation == *table);
        lock.map(|lock| lock.mode).filter(|mode| *mode > LockMode::AccessShare)
    };
    let tables: BTreeSet<&QualifiedName> = stated
        .locks
        .iter()
        .chain(&seen.locks)
        .map(|lock| &lock.relation)
        .filter(|name| fixture.table(name).is_some())
        .collect();
    let mut found: Vec<String> = tables
        .into_iter()
        .filter(|table| mode(stated, table) != mode(seen, table))
        .map(|table| {
            format!(
                "{table}: stated {:?}, measured {:?}",
                mode(stated, table),
                mode(seen, table)
            )
        })
        .collect();
    if stated.rewrites != seen.rewrites {
        found.push(format!(
            "rewrites: stated {:?}, measured {:?}",
            stated.rewrites, seen.rewrites
        ));
    }
    // The table speaks of scans of the target only.
    let scans = |table: &QualifiedName| stated.rewrites.contains(table) || stated.scans.contains(table);
    let missed = seen.scans.iter().filter(|table| !scans(table));
    found.extend(missed.map(|table| format!("{table} is scanned, and that is not stated")));
    if seen.rewrites.is_empty() && seen.scans.is_empty() && !stated.scans.is_empty() {
        found.push(format!("stated to scan {:?}, measured not to", stated.scans));
    }
    found
}

#[test]
fn facts_agree_with_the_independent_table() {
    let Ok(text) = fs::read_to_string(place()) else {
        eprintln!("skipped: there is no table of locks at {}", place().display());
        return;
    };
    let major = server_major();
    let fixture = parse_text("fixture.sql", FIXTURE).expect("the fixture");
    let before = fixture.schema.clone();
    let volatile = |default: &Expr| {
        let words = ["random", "clock_timestamp", "nextval", "gen_random_uuid"];
        words.iter().any(|word| default.text.contains(word))
    };
    let observer = Observer::new(&before, &before, major, &volatile);
    let rows: Vec<_> = records(&text)
        .into_iter()
        .filter(|row| row["pg_version"] == major.to_string() && !row["lock_on_target"].is_empty())
        .collect();
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    rows.iter().for_each(|row| *times.entry(&row["sql"]).or_default() += 1);
    let (mut compared, mut found) = (0, Vec::new());
    for row in rows.iter().filter(|row| times[row["sql"].as_str()] == 1) {
        let statement = format!("{FIXTURE}\nSET search_path = public;\n{};", row["sql"]);
        let Ok(parsed) = parse_text("statement.sql", &statement) else {
            continue;
        };
        let known = fixture.operations.len();
        let new: &[Operation] = parsed.operations.get(known..).unwrap_or_default();
        if new.is_empty() || parsed.operations.get(..known) != Some(&fixture.operations[..]) {
            continue;
        }
        let (mut schema, mut stated) = (before.clone(), Facts::default());
        for operation in new {
            stated.merge(observer.facts(operation, &schema));
            if operation.apply(&mut schema).is_err() {
                break;
            }
        }
        compared += 1;
        for difference in differences(&stated, &measured(row, &before), &before) {
            let id = &row["op_id"];
            if !KNOWN.iter().any(|(of, part, _)| of == id && difference.contains(part)) {
                found.push(format!("  {id}: {}: {difference}", row["sql"]));
            }
        }
    }
    eprintln!(
        "{compared} of {} statements of the table compared on PostgreSQL {major}",
        rows.len()
    );
    assert!(compared >= 50, "only {compared} statements could be compared");
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}
