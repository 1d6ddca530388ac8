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
        let database = match Database::from_script(&folder.join("dump.sql")) {
            Ok(database) => database,
            Err(error) => {
                problems.push(format!("{name}: dump.sql does not load: {error}"));
                continue;
            }
        };
        let mut command = Command::new(cluster().program("pg_dump"));
        let dumped = run(
            command.args(["--schema-only", "-d", &database.conninfo()]),
            Duration::from_secs(300),
        );
        for file in ["schema.sql", "dump.sql"] {
            let finished = pgphase::drift(&database, &folder.join(file));
            eprintln!(
                "{name:<24}{file:<12} exit {:>3}  {:>6.2} s {:>6.0} MB   pg_dump {:>5.2} s {:>4.0} MB",
                finished.code().unwrap_or(-1),
                finished.time.as_secs_f64(),
                finished.peak_megabytes,
                dumped.time.as_secs_f64(),
                dumped.peak_megabytes,
            );
            if finished.code() != Some(pgphase::NOTHING) {
                problems.push(format!("{name}/{file}: {}", head(&finished.said())));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

fn head(text: &str) -> String {
    text.lines().take(30).collect::<Vec<_>>().join("\n")
}
