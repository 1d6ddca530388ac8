//! Plans whose phase files run with plain `psql`, without a journal: after each phase `status --reconcile` says what has run, also where
//! columns and tables change places under names that were there before.

use std::path::Path;
use std::time::Duration;

use crate::support::database::Database;
use crate::support::pgphase;
use crate::support::run::run;

const PHASES: [&str; 4] = ["expand", "backfill", "validate", "contract"];

/// The phases that have steps which are not as they should be; a check leaves no trace, and a backfill of an empty table is done.
fn wrong(database: &Database, plan: &Path, done: usize) -> Vec<String> {
    let mut command = pgphase::command();
    command
        .args(["status", "--format", "json", "-d", &database.conninfo(), "--reconcile"])
        .arg(plan);
    let finished = run(&mut command, Duration::from_secs(60));
    if finished.code() != Some(0) {
        return vec![finished.said()];
    }
    let report: serde_json::Value = serde_json::from_str(&finished.stdout).expect("JSON");
    let steps = report["steps"].as_array().expect("steps");
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
