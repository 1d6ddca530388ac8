//! Real schemas, where the corpus is on this machine: file -> database -> the plan must be empty. Prints time and peak memory
//! beside those of `pg_dump` on the same database.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::corpus::corpus;
use crate::support::database::{Database, cluster};
use crate::support::pgphase;
use crate::support::pool;
use crate::support::run::run;

/// What must be told, by file: a function and an extension made in DO blocks, which are programs and no definitions; and
/// a table made by a query.
const KNOWN: &[(&str, &str)] = &[
    ("graphile-kitchen-sink/schema.sql", "function c.current_user_id()"),
    ("temporal-visibility/schema.sql", "extension btree_gin"),
    (
        "postgrest-fixtures/schema.sql",
        "a table is defined by its columns here, not by a query",
    ),
];

#[test]
fn real_schemas_agree_with_the_databases_built_from_them() {
    let Some(corpus) = corpus() else { return };
    let mut folders: Vec<PathBuf> = fs::read_dir(corpus.join("schemas"))
        .expect("the schemas")
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    folders.retain(|folder| folder.join("schema.sql").exists() && pool::wanted(&folder.display().to_string()));
    folders.sort();
    let mut problems = Vec::new();
    for folder in &folders {
        let name = folder
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        for file in ["schema.sql", "dump.sql"] {
            // Some files are kept for more than psql; their databases come from the dump.
            let Some(database) = [file, "dump.sql"]
                .iter()
                .find_map(|file| Database::from_script(&folder.join(file)).ok())
            else {
                eprintln!("{name:<24}{file:<12} skipped: psql does not load it");
                continue;
            };
            let mut command = Command::new(cluster().program("pg_dump"));
            let dumped = run(
                command.args(["--schema-only", "-d", &database.conninfo()]),
                Duration::from_secs(300),
            );
            let finished = pgphase::drift(&database, &folder.join(file));
            eprintln!(
                "{name:<24}{file:<12} exit {:>3}  {:>6.2} s {:>6.0} MB   pg_dump {:>5.2} s {:>4.0} MB",
                finished.code().unwrap_or(-1),
                finished.time.as_secs_f64(),
                finished.peak_megabytes,
                dumped.time.as_secs_f64(),
                dumped.peak_megabytes,
            );
            let place = format!("{name}/{file}");
            let known = KNOWN
                .iter()
                .any(|(known, part)| *known == place && finished.said().contains(part));
            if finished.code() != Some(pgphase::NOTHING) && !known {
                problems.push(format!("{place}: {}", head(&finished.said())));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

fn head(text: &str) -> String {
    text.lines().take(30).collect::<Vec<_>>().join("\n")
}
