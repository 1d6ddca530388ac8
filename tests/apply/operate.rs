//! What operators see and do: status, the log, plans in flight, windows, runs without a journal.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::database;
use crate::support::database::Database;
use crate::support::pgphase;
use crate::support::run::{Finished, run};

const BEFORE: &str = "create table users (id int primary key, name text);
    insert into users select g, 'user ' || g from generate_series(1, 20000) g;
    create table orders (id int primary key, user_id int, note text); insert into orders values (1, 1, 'x')";

const AFTER: &str =
    "create table users (id int primary key, name text not null, token uuid not null default gen_random_uuid());
    create index users_name on users (name);
    create table orders (id int primary key, user_id int, note text);";

struct Scene {
    database: Database,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        Self {
            database: database(BEFORE),
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    /// A plan to these definitions.
    fn plan(&self, name: &str, after: &str) -> PathBuf {
        let to = self.folder.path().join(format!("{name}.sql"));
        std::fs::write(&to, after).expect("the desired file");
        let plan = self.folder.path().join(name);
        let planned = pgphase::plan(&self.database, &to, &plan);
        assert_eq!(planned.code(), Some(pgphase::DIFFERENCE), "{}", planned.said());
        plan
    }

    fn call(&self, words: &[&str], plan: Option<&Path>) -> Finished {
        let mut command = pgphase::command();
        command.args(words);
        if let Some(plan) = plan {
            command.arg(plan);
        }
        command.args(["-d", &self.database.conninfo()]);
        run(&mut command, Duration::from_secs(120))
    }

    fn apply(&self, plan: &Path, phase: &str) -> Finished {
        pgphase::apply(&self.database, plan, phase)
    }

    fn ask(&self, query: &str) -> String {
        self.database.sql(query).expect("an answer").trim().to_owned()
    }
}

fn ok(finished: &Finished) {
    assert_eq!(finished.code(), Some(0), "{}", finished.said());
}

#[test]
fn status_tells_the_phase_and_the_log_has_a_record_for_each_step() {
    let scene = Scene::new();
    let plan = scene.plan("token", AFTER);
    let events = scene.folder.path().join("events");
    let words = [
        "apply",
        "--phase",
        "expand",
        "--yes",
        "--events",
        events.to_str().expect("a path"),
    ];
    ok(&scene.call(&words, Some(&plan)));
    ok(&scene.apply(&plan, "backfill"));
    let status = scene.call(&["status"], None);
    assert!(status.stdout.contains("in phase backfill"), "{}", status.stdout);
    assert!(status.stdout.contains(", 20000 rows"), "{}", status.stdout);
    let json = scene.call(&["status", "--format", "json"], None);
    let report: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(report["plans"][0]["phase"], "backfill");
    assert_eq!(report["plans"][0]["step"], "backfill-1");

    let log = scene.call(&["status", "--log"], None);
    let records: Vec<serde_json::Value> = log
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let steps: usize = scene
        .ask("select count(*) from pgphase.step")
        .parse()
        .expect("a number");
    assert_eq!(records.len(), steps);
    let fill = records
        .iter()
        .find(|record| record["rows_affected"] == 20000)
        .expect("the backfill");
    assert_eq!(fill["status"], "done");
    assert_eq!(fill["database"], scene.database.name());
    assert_eq!(fill["applied_by"], "postgres");
    assert_eq!(fill["tables_affected"], serde_json::json!(["public.users"]));
    assert_eq!(fill["rollback_available"], true);
    assert!(fill["duration_ms"].as_i64().is_some_and(|time| time > 0), "{fill}");

    let text = std::fs::read_to_string(events).expect("the events");
    let kinds: Vec<String> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["event"].to_string())
        .collect();
    assert_eq!(kinds.first().map(String::as_str), Some("\"phase\""));
    assert_eq!(kinds.last().map(String::as_str), Some("\"ended\""));
    assert_eq!(
        kinds.iter().filter(|kind| *kind == "\"step\"").count(),
        kinds.iter().filter(|kind| *kind == "\"done\"").count()
    );
}

#[test]
fn a_run_that_fails_says_so_in_its_last_event_and_in_the_record() {
    let scene = Scene::new();
    let plan = scene.plan("token", AFTER);
    ok(&scene.apply(&plan, "expand"));
    ok(&scene.apply(&plan, "backfill"));
    scene.ask("insert into users values (0, null)");
    let words = ["apply", "--phase", "validate", "--yes", "-q", "--events", "-"];
    let failed = scene.call(&words, Some(&plan));
    assert_eq!(failed.code(), Some(5), "{}", failed.said());
    let line = failed.stdout.lines().last().unwrap_or_default();
    let last: serde_json::Value = serde_json::from_str(line).expect("JSON");
    assert_eq!(
        (&last["event"], &last["exit_code"]),
        (&"ended".into(), &5.into()),
        "{last}"
    );
    let status = scene.call(&["status", "--log"], None);
    let mut records = status
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    let failed: serde_json::Value = records
        .next_back()
        .filter(|record: &serde_json::Value| record["status"] == "failed")
        .expect("the record of the step");
    assert_eq!(
        last["step"]
            .as_str()
            .map(|step| failed["id"].to_string().contains(step)),
        Some(true)
    );
    assert_eq!(
        last["error"],
        format!(
            "step {} failed: {}",
            last["step"].as_str().expect("a step"),
            failed["error"].as_str().expect("an error")
        )
    );
    assert!(failed["duration_ms"].is_i64(), "{failed}");
}

#[test]
fn journals_of_older_programs_are_brought_up_to_date_and_newer_ones_refused() {
    let scene = Scene::new();
    let plan = scene.plan("token", AFTER);
    // As version 1 left it, with a step that it had run.
    scene
        .database
        .script(Path::new(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/apply/journal/1.sql"
        )))
        .expect("version 1");
    scene.ask("insert into pgphase.plan (id, name, fingerprint, schema, document, tool) values ('old', 'old', '', '', '', '')");
    scene.ask("insert into pgphase.step (plan, step, phase, number, status, checksum) values ('old', 'expand-1', 'expand', 1, 'failed', '')");
    let status = scene.call(&["status"], None);
    assert_eq!(status.code(), Some(1));
    assert!(status.said().contains("brings it up to date"), "{}", status.said());
    scene.ask("update pgphase.plan set document = 'steps: []' || chr(10) || 'format_version: \"1.0\"' || chr(10) || 'name: old' || chr(10) || 'server_version: 14' || chr(10) || 'baseline: {fingerprint: \"\"}'");
    ok(&scene.apply(&plan, "expand"));
    assert_eq!(scene.ask("select max(version) from pgphase.version"), "3");
    let status = scene.call(&["status"], None);
    assert!(
        status.stdout.contains("old (old)") && status.stdout.contains("token ("),
        "{}",
        status.said()
    );
    scene.ask("insert into pgphase.version values (99)");
    for refused in [scene.call(&["status"], None), scene.apply(&plan, "backfill")] {
        assert_eq!(refused.code(), Some(1));
        assert!(refused.said().contains("use the newer pgphase"), "{}", refused.said());
    }
}

#[test]
fn without_a_journal_the_catalogs_tell_how_far_a_plan_is() {
    let scene = Scene::new();
    let plan = scene.plan("token", AFTER);
    let seen = || {
        let report = scene.call(&["status", "--format", "json", "--reconcile"], Some(&plan));
        ok(&report);
        let report: serde_json::Value = serde_json::from_str(&report.stdout).expect("JSON");
        let steps = report["steps"].as_array().expect("steps").clone();
        let phases = ["expand", "backfill", "validate", "contract"];
        phases.map(|phase| {
            let of = steps.iter().filter(|step| step["phase"] == phase);
            let done = of.clone().filter(|step| step["seen"] == "done").count();
            (of.count(), done)
        })
    };
    let nothing = seen();
    assert!(nothing.iter().all(|(_, done)| *done == 0), "{nothing:?}");
    for (index, phase) in pgphase_phases().into_iter().enumerate() {
        scene
            .database
            .script(&plan.join(phase))
            .expect("the phase runs with psql");
        for (place, (all, done)) in seen().into_iter().enumerate() {
            let expected = if place <= index { all } else { 0 };
            assert_eq!(done, expected, "after {phase}: {:?}", seen());
        }
    }
    let config = scene.folder.path().join("pgphase.yaml");
    std::fs::write(&config, "journal: none\n").expect("the configuration");
    let words = ["apply", "--phase", "expand", "-c", config.to_str().expect("a path")];
    let refused = scene.call(&words, Some(&plan));
    assert_eq!(refused.code(), Some(3), "{}", refused.said());
    assert_eq!(scene.ask("select to_regnamespace('pgphase') is null"), "t");
}

fn pgphase_phases() -> [&'static str; 4] {
    ["1-expand.sql", "2-backfill.sql", "3-validate.sql", "4-contract.sql"]
}

#[test]
fn two_plans_in_flight_keep_out_of_each_others_way() {
    let scene = Scene::new();
    let token = scene.plan("token", AFTER);
    let shorter = scene.plan(
        "shorter",
        "create table users (id int primary key); create table orders (id int primary key, user_id int, note text);",
    );
    ok(&scene.apply(&token, "expand"));
    let refused = scene.apply(&shorter, "contract");
    assert_eq!(refused.code(), Some(75), "{}", refused.said());
    assert!(
        refused.said().contains("token (") && refused.said().contains("  public.users"),
        "{}",
        refused.said()
    );

    // Another table: the new plan begins where the other ends, and both go on, in turns.
    let text = AFTER.replacen("note text", "extra int, note text", 1);
    assert!(text.contains("extra int"), "{text}");
    let extra = scene.plan("extra", &text);
    let plan = std::fs::read_to_string(extra.join("REVIEW.md")).expect("the review");
    assert!(plan.contains("extra") && plan.contains("is in flight"), "{plan}");
    let steps = std::fs::read_to_string(extra.join("plan.yaml")).expect("the plan");
    assert!(
        !steps.contains("token uuid") && !steps.contains("users_name"),
        "{steps}"
    );
    ok(&scene.apply(&extra, "all"));
    ok(&scene.apply(&token, "all"));
    assert_eq!(
        scene.ask("select count(*) from pgphase.plan where finished is not null"),
        "2"
    );
}

#[test]
fn an_abandoned_plan_leaves_nothing_or_what_it_is_told_to() {
    let scene = Scene::new();
    let plan = scene.plan("token", AFTER);
    ok(&scene.apply(&plan, "expand"));
    ok(&scene.apply(&plan, "backfill"));
    let abandoned = scene.call(&["abandon", "--yes"], Some(&plan));
    ok(&abandoned);
    assert_eq!(
        scene.ask("select count(*) from pg_attribute where attrelid = 'users'::regclass and attname = 'token'"),
        "0"
    );
    assert_eq!(
        scene.ask("select count(*) from pgphase.plan where abandoned is not null"),
        "1"
    );
    let status = scene.call(&["status", "--exit-code"], None);
    ok(&status);
    assert!(status.stdout.contains("abandoned "), "{}", status.stdout);
    // It begins again on purpose only; and is then left as it is.
    let refused = scene.apply(&plan, "expand");
    assert_eq!(refused.code(), Some(3), "{}", refused.said());
    assert!(
        refused.said().contains("the plan was abandoned at ") && refused.said().contains(" by postgres"),
        "{}",
        refused.said()
    );
    ok(&scene.call(&["apply", "--phase", "expand", "--reopen"], Some(&plan)));
    let status = scene.call(&["status", "--exit-code"], None);
    assert_eq!(status.code(), Some(pgphase::DIFFERENCE), "{}", status.said());
    ok(&scene.call(&["abandon", "--keep"], Some(&plan)));
    assert_eq!(
        scene.ask("select count(*) from pg_attribute where attrelid = 'users'::regclass and attname = 'token'"),
        "1"
    );
}

/// A way back that gives up before it has undone anything leaves the plan as it was: finished, or abandoned.
#[test]
fn a_way_back_that_changes_nothing_opens_no_plan() {
    let scene = Scene::new();
    let plan = scene.plan("token", AFTER);
    ok(&scene.apply(&plan, "all"));
    let ended = "select count(finished), count(abandoned), (select count(*) from pgphase.step where status = 'done') from pgphase.plan";
    let steps = scene.ask("select count(*) from pgphase.step");
    let back = ["rollback", "--to", "start", "--yes", "--lock-budget", "1"];
    for (keep, expected) in [(false, "1|0"), (true, "1|1")] {
        if keep {
            ok(&scene.call(&["abandon", "--keep"], Some(&plan)));
        }
        let reader = super::Blocker::start(&scene.database, "begin; select from users limit 1; select pg_sleep(8)");
        let gave_up = scene.call(&back, Some(&plan));
        assert_eq!(gave_up.code(), Some(75), "{}", gave_up.said());
        assert_eq!(scene.ask(ended), format!("{expected}|{steps}"), "{}", gave_up.said());
        reader.end();
    }
    ok(&scene.call(&["rollback", "--to", "expand", "--yes"], Some(&plan)));
    let left = scene.ask(ended);
    assert!(
        left.starts_with("0|0|") && !left.ends_with(&format!("|{steps}")),
        "{left}"
    );
    // A run that is refused takes up no plan either.
    ok(&scene.call(&["abandon", "--keep"], Some(&plan)));
    scene.ask("alter table users add surprise int");
    let stale = scene.call(&["apply", "--phase", "backfill", "--reopen", "--yes"], Some(&plan));
    assert_eq!(stale.code(), Some(4), "{}", stale.said());
    assert_eq!(scene.ask("select count(abandoned) from pgphase.plan"), "1");
    scene.ask("alter table users drop surprise");
    ok(&scene.call(&["apply", "--phase", "all", "--reopen", "--yes"], Some(&plan)));
    assert_eq!(
        scene.ask("select count(finished), count(abandoned) from pgphase.plan"),
        "1|0"
    );
}

#[test]
fn nothing_is_left_of_a_backfill_that_was_cut_off_and_rolled_back() {
    let scene = Scene::new();
    let plan = scene.plan("token", AFTER);
    ok(&scene.apply(&plan, "expand"));
    let writer = super::Blocker::start(
        &scene.database,
        "begin; select from users where id = 20000 for update; select pg_sleep(60)",
    );
    let mut child = pgphase::command()
        .args(["apply", "--phase", "backfill", "--yes", "--events", "-", "-q"])
        .arg(&plan)
        .args(["-d", &scene.database.conninfo()])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let waits = lines
        .map_while(Result::ok)
        .any(|line| line.contains("\"event\":\"blocked\""));
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    scene.ask("select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
    writer.end();
    assert!(waits);
    assert_eq!(scene.ask("select count(*) from pgphase.range"), "1");

    ok(&scene.call(&["rollback", "--to", "start", "--yes"], Some(&plan)));
    assert_eq!(scene.ask("select count(*) from pgphase.step"), "0");
    ok(&scene.apply(&plan, "all"));
    // Every row was written once since, and nothing is counted that was written before.
    assert_eq!(scene.ask("select sum(rows) from pgphase.step"), "20000");
}

#[test]
fn outside_of_a_window_nothing_runs() {
    let scene = Scene::new();
    let plan = scene.plan("token", AFTER);
    let config = scene.folder.path().join("pgphase.yaml");
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC);
    let later = now.checked_add(jiff::ToSpan::hours(3)).expect("a time");
    let end = now.checked_add(jiff::ToSpan::hours(4)).expect("a time");
    let window = format!(
        "windows: ['daily {}-{}']\n",
        later.strftime("%H:%M"),
        end.strftime("%H:%M")
    );
    std::fs::write(&config, window).expect("the configuration");
    let words = ["apply", "--phase", "expand", "-c", config.to_str().expect("a path")];
    let refused = scene.call(&words, Some(&plan));
    assert_eq!(refused.code(), Some(75), "{}", refused.said());
    let begins = format!("begins at {}", later.strftime("%Y-%m-%d %H:%M UTC"));
    assert!(refused.said().contains(&begins), "{}", refused.said());
    assert_eq!(scene.ask("select to_regnamespace('pgphase') is null"), "t");
    let words = [
        "apply",
        "--phase",
        "expand",
        "--any-time",
        "-c",
        config.to_str().expect("a path"),
    ];
    ok(&scene.call(&words, Some(&plan)));
}

#[test]
fn who_would_stall_a_concurrent_build_is_named_before_it_begins() {
    let scene = Scene::new();
    let plan = scene.plan("token", AFTER);
    let old = super::Blocker::start(
        &scene.database,
        "begin isolation level repeatable read; select count(*) from orders; select pg_sleep(9); commit",
    );
    std::thread::sleep(Duration::from_secs(5));
    let applied = scene.apply(&plan, "all");
    ok(&applied);
    old.end();
    assert!(
        applied.stderr.contains("will not end before the transaction of pid"),
        "{}",
        applied.stderr
    );
}
