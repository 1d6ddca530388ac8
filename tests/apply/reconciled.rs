//! Plans whose phase files run with plain `psql`, without a journal: after each phase `status --reconcile` says what has run, also where
//! columns and tables change places under names that were there before.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::support::database::Database;
use crate::support::pgphase;
use crate::support::run::{Finished, run};

const PHASES: [&str; 4] = ["expand", "backfill", "validate", "contract"];

fn reconciled(database: &Database, plan: &Path) -> Finished {
    let mut command = pgphase::command();
    command
        .args(["status", "--format", "json", "-d", &database.conninfo(), "--reconcile"])
        .arg(plan);
    run(&mut command, Duration::from_secs(60))
}

fn steps(finished: &Finished) -> Vec<Value> {
    let report: Value = serde_json::from_str(&finished.stdout).expect("JSON");
    report["steps"].as_array().expect("steps").clone()
}

/// The phases that have steps which are not as they should be; a check leaves no trace, and a backfill of an empty table is done.
fn wrong(database: &Database, plan: &Path, done: usize) -> Vec<String> {
    let finished = reconciled(database, plan);
    if finished.code() != Some(0) {
        return vec![finished.said()];
    }
    let steps = steps(&finished);
    let wrong = steps.iter().filter(|step| {
        let phase = PHASES
            .iter()
            .position(|phase| step["phase"] == *phase)
            .expect("a phase");
        match step["seen"].as_str() {
            Some("done") => phase >= done && step["phase"] != "backfill",
            Some("open") => phase < done,
            _ => false,
        }
    });
    wrong.map(ToString::to_string).collect()
}

/// Runs the phases of scenarios with `psql`, and asks after each.
fn recognised(scenarios: &[&str]) {
    let mut problems = Vec::new();
    for name in scenarios {
        let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios").join(name);
        let folder = tempfile::tempdir().expect("a folder");
        let plan = folder.path().join("plan");
        let database = Database::new();
        database.script(&scenario.join("before.sql")).expect("it loads");
        let planned = pgphase::plan(&database, &scenario.join("after.sql"), &plan);
        assert_eq!(planned.code(), Some(pgphase::DIFFERENCE), "{name}: {}", planned.said());
        for (done, at) in (0..).zip(["start"].iter().chain(&PHASES)) {
            let script = plan.join(format!("{done}-{at}.sql"));
            if script.exists() {
                database.script(&script).expect("the phase runs with psql");
            }
            let wrong = wrong(&database, &plan, done);
            if !wrong.is_empty() {
                problems.push(format!("{name} after {at}: {}", wrong.join(", ")));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn what_takes_the_name_of_its_predecessor() {
    recognised(&[
        "materialized_view/query_changed",
        "moved/to_new_table",
        "routine/bodies_follow_a_rename",
        "twin/identity_with_privileges",
        "twin/taken_back",
        "twin/type_bigint_key",
        "twin/type_under_views",
    ]);
}

#[test]
fn what_changes_in_its_place() {
    recognised(&[
        "column/type_forgets_storage",
        "composite/attributes",
        "constraint/primary_key_under_foreign_keys",
        "enum/add_value_inside",
        "enum/labels_removed_everywhere",
        "table/parent_column_stays_in_child_with_its_default",
    ]);
}

#[test]
fn what_changes_with_partitions() {
    recognised(&[
        "partition/attach_with_every_key",
        "partition/foreign_key_from",
        "partition/moves_between_parents",
        "partition/table_becomes_partitioned",
        "partition/unique_added",
        "twin/partitioned_bigint_key",
    ]);
}

/// A phase file that is cut off anywhere, also between the step that makes the key of a partition and the one that attaches it: no step
/// counts as done that has not run.
#[test]
fn no_step_is_done_before_it_has_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let [before, after, plan] = ["before.sql", "after.sql", "plan"].map(|name| folder.path().join(name));
    fs::write(
        &before,
        "CREATE TABLE ev (id int, at date) PARTITION BY RANGE (at);
        CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
        INSERT INTO ev SELECT i, '2024-01-05' FROM generate_series(1, 40) AS i;",
    )
    .expect("a file");
    fs::write(
        &after,
        "CREATE TABLE ev (id int NOT NULL, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
        CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
        CREATE TABLE ev2 PARTITION OF ev FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');",
    )
    .expect("a file");
    let database = Database::from_script(&before).expect("it loads");
    let planned = pgphase::plan(&database, &after, &plan);
    assert_eq!(planned.code(), Some(pgphase::DIFFERENCE), "{}", planned.said());
    database.script(&plan.join("1-expand.sql")).expect("expand runs");
    let validate = fs::read_to_string(plan.join("3-validate.sql")).expect("the file of a phase");
    let cuts: Vec<usize> = validate.match_indices("\n-- step ").map(|(at, _)| at).collect();
    assert!(cuts.len() > 10, "{validate}");
    let beginning = folder.path().join("cut.sql");
    for (run, cut) in cuts.iter().enumerate() {
        let copy = Database::copy_of(&database).expect("a copy");
        fs::write(&beginning, &validate[..*cut]).expect("a file");
        copy.script(&beginning).expect("a part of the phase runs");
        let finished = reconciled(&copy, &plan);
        assert_eq!(finished.code(), Some(0), "after {run} steps: {}", finished.said());
        let steps = steps(&finished);
        let validate = steps.iter().filter(|step| step["phase"] == "validate");
        let early: Vec<&Value> = validate.skip(run).filter(|step| step["seen"] == "done").collect();
        assert!(early.is_empty(), "after {run} steps: {early:?}");
    }
}
