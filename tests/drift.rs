//! Drift in all its forms: what is said, what is silent, what each exit code means, and that the statements lead where they say.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::support::database::Database;
use crate::support::pgphase;
use crate::support::run::{Finished, run};

const LIMIT: Duration = Duration::from_secs(120);

const FILES: &str = "CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL, email text);
CREATE INDEX customers_email_idx ON customers (email);
COMMENT ON COLUMN customers.email IS 'lower case';
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers (id), note varchar(20) DEFAULT 'none');
CREATE VIEW totals AS SELECT customer_id, count(*) AS orders FROM orders GROUP BY customer_id;
";

const LIVE: &str = "CREATE TABLE customers (id bigint PRIMARY KEY, name text, email text, fax text DEFAULT 'x');
CREATE INDEX customers_fax_idx ON customers (fax);
CREATE TABLE trial (id int PRIMARY KEY, customer bigint REFERENCES customers (id));
CREATE INDEX trial_customer_idx ON trial (customer);
COMMENT ON TABLE trial IS 'of the search team';
";

fn drift(folder: &Path, args: &[&str]) -> Finished {
    run(pgphase::command().arg("drift").args(args).current_dir(folder), LIMIT)
}

fn written(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).expect("a file");
}

fn built(text: &str) -> Database {
    let database = Database::new();
    database.sql(text).expect("the schema");
    database
}

fn json(finished: &Finished) -> Value {
    serde_json::from_str(&finished.stdout).unwrap_or_else(|error| panic!("{error}: {}", finished.said()))
}

/// The statements of every difference in one direction.
fn statements(report: &Value, direction: &str) -> Vec<String> {
    let differences = report["databases"][0]["differences"].as_array().expect("differences");
    // In the direction of the files the last difference comes first, as its creates do in the other.
    let mut differences = differences.clone();
    if direction == "to_files" {
        differences.reverse();
    }
    differences
        .iter()
        .flat_map(|difference| difference[direction].as_array().cloned().unwrap_or_default())
        .map(|statement| statement.as_str().expect("a statement").to_owned())
        .collect()
}

/// PostgreSQL is the judge: run one way the database is as the files want it, run the other way a database made from the files is
/// as the drifted one.
#[test]
fn the_statements_lead_both_ways() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path(), "schema.sql", FILES);
    let live = built(LIVE);
    let conninfo = live.conninfo();
    let args = ["-d", conninfo.as_str(), "--to", "schema.sql", "--format", "json"];
    let found = drift(folder.path(), &args);
    assert_eq!(found.code(), Some(2), "{}", found.said());
    let report = json(&found);

    let other = built(FILES);
    for statement in statements(&report, "to_files") {
        other
            .sql(&statement)
            .unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    let url = |database: &Database| database.conninfo();
    let compared = run(
        pgphase::command().args(["diff", "--exit-code", &url(&live), &url(&other)]),
        LIMIT,
    );
    assert_eq!(compared.code(), Some(0), "{}", compared.said());

    for statement in statements(&report, "to_database") {
        live.sql(&statement)
            .unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    let after = drift(folder.path(), &args);
    assert_eq!(after.code(), Some(0), "{}", after.said());
    assert_eq!(json(&after)["drift"], false);
}

#[test]
fn quiet_is_silent_when_clean_and_only_then() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path(), "schema.sql", FILES);
    let (clean, drifted) = (built(FILES), built(LIVE));
    for format in ["text", "markdown", "slack"] {
        let conninfo = clean.conninfo();
        let args = ["-q", "-d", conninfo.as_str(), "--to", "schema.sql", "--format", format];
        let finished = drift(folder.path(), &args);
        assert_eq!((finished.code(), finished.said()), (Some(0), String::new()), "{format}");
        let conninfo = drifted.conninfo();
        let args = ["-q", "-d", conninfo.as_str(), "--to", "schema.sql", "--format", format];
        let finished = drift(folder.path(), &args);
        assert_eq!(finished.code(), Some(2), "{format}: {}", finished.said());
        assert!(finished.stdout.contains("trial"), "{format}: {}", finished.said());
        assert!(finished.stderr.is_empty(), "{format}: {}", finished.stderr);
    }
}

/// A plan renames what differs in its name only; drift tells it all the same.
#[test]
fn another_name_is_drift() {
    let database = built("CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX t_old ON t (a)");
    let folder = tempfile::tempdir().expect("a folder");
    written(
        folder.path(),
        "schema.sql",
        "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX t_new ON t (a);",
    );
    let to = folder.path().join("schema.sql");
    let finished = pgphase::drift(&database, &to);
    assert!(
        finished.code() == Some(2) && finished.said().contains("t_old"),
        "{}",
        finished.said()
    );
    let planned = pgphase::plan(&database, &to, &folder.path().join("plan"));
    assert!(planned.said().contains("rename index"), "{}", planned.said());
}

/// While a plan is under way, what it has still to do is no drift, in every phase; what somebody else does is.
#[test]
fn a_plan_in_flight_is_no_drift() {
    let database =
        built("CREATE TABLE users (id int PRIMARY KEY, name text, age int); CREATE INDEX users_age_idx ON users (age)");
    let folder = tempfile::tempdir().expect("a folder");
    written(
        folder.path(),
        "schema.sql",
        "CREATE TABLE users (
            id bigint PRIMARY KEY,
            -- @renamed_from name
            full_name text NOT NULL
        );
        CREATE INDEX users_full_name_idx ON users (full_name);",
    );
    let to = folder.path().join("schema.sql");
    let out = folder.path().join("plan");
    let planned = pgphase::plan(&database, &to, &out);
    assert_eq!(planned.code(), Some(pgphase::DIFFERENCE), "{}", planned.said());
    let look = || {
        let finished = pgphase::drift(&database, &to);
        (finished.code(), finished.said())
    };
    assert_eq!(look().0, Some(2), "no step has run");
    for (phase, told) in [
        ("expand", true),
        ("backfill", true),
        ("validate", true),
        ("contract", false),
    ] {
        let applied = pgphase::apply(&database, &out, phase);
        assert_eq!(applied.code(), Some(0), "{}", applied.said());
        let (code, said) = look();
        assert_eq!(code, Some(0), "after {phase}: {said}");
        assert_eq!(said.contains("is in flight"), told, "after {phase}: {said}");
        if phase == "expand" {
            database.sql("CREATE TABLE stray (id int)").expect("a table");
            let (code, said) = look();
            assert!(
                code == Some(2) && said.contains("stray") && !said.contains("full_name"),
                "{said}"
            );
            database.sql("DROP TABLE stray").expect("no table");
        }
    }
}

#[test]
fn rules_hide_until_their_day() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    written(path, "schema.sql", FILES);
    let live = built(&format!(
        "{FILES} CREATE TABLE trial (id int); CREATE TABLE forgotten (id int);"
    ));
    written(
        path,
        "pgphase.yaml",
        "schemas: schema.sql\ndrift:\n  ignore:\n\
         \x20 - {object: 'table public.trial*', reason: a trial of the search team, until: 2999-12-31}\n\
         \x20 - {object: table public.forgotten, reason: to be looked at, until: 2020-01-31}\n",
    );
    let conninfo = live.conninfo();
    let finished = drift(path, &["-d", &conninfo, "-c", "pgphase.yaml"]);
    assert_eq!(finished.code(), Some(2), "{}", finished.said());
    let text = &finished.stdout;
    assert!(text.contains("only in the database: table public.forgotten"), "{text}");
    assert!(text.contains("expired on 2020-01-31"), "{text}");
    assert!(
        text.contains(
            "ignored until 2999-12-31: only in the database: table public.trial (a trial of the search team)"
        ),
        "{text}"
    );

    live.sql("drop table forgotten").expect("dropped");
    let finished = drift(path, &["-d", &conninfo, "-c", "pgphase.yaml", "--format", "json"]);
    assert_eq!(finished.code(), Some(0), "{}", finished.said());
    let report = json(&finished);
    assert_eq!(report["databases"][0]["ignored"][0]["object"], "table public.trial");
    assert_eq!(report["databases"][0]["expired"][0]["matches"], 0);
    let finished = drift(path, &["-q", "-d", &conninfo, "-c", "pgphase.yaml"]);
    assert_eq!((finished.code(), finished.said()), (Some(0), String::new()));
}

#[test]
fn many_databases_in_one_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    written(path, "schema.sql", FILES);
    written(path, "other.sql", LIVE);
    let (clean, drifted, own) = (built(FILES), built(LIVE), built(LIVE));
    let config = |list: &[(&str, String)]| {
        let entries: String = list
            .iter()
            .map(|(name, value)| format!("  {name}: {value}\n"))
            .collect();
        written(
            path,
            "pgphase.yaml",
            &format!("schemas: schema.sql\ndatabases:\n{entries}"),
        );
    };
    let quoted = |text: String| format!("'{}'", text.replace('\'', "''"));
    let clean = ("clean", quoted(clean.conninfo()));
    let drifted = ("drifted", quoted(drifted.conninfo()));
    let own = (
        "own",
        format!("{{conninfo: {}, schemas: other.sql}}", quoted(own.conninfo())),
    );
    let gone = ("gone", "'host=127.0.0.1 port=1 dbname=x user=y'".to_owned());
    let wrong = ("wrong", "{env: PGPHASE_TEST_NOT_SET}".to_owned());
    let all = |format: &str| drift(path, &["--all", "-c", "pgphase.yaml", "--format", format]);

    for (list, code) in [
        (vec![clean.clone(), own.clone()], 0),
        (vec![clean.clone(), drifted.clone(), own.clone()], 2),
        (vec![clean.clone(), gone.clone()], 75),
        (vec![gone.clone(), drifted.clone()], 2),
        (vec![wrong.clone(), drifted.clone()], 64),
    ] {
        config(&list);
        let finished = all("json");
        assert_eq!(finished.code(), Some(code), "{list:?}: {}", finished.said());
        let report = json(&finished);
        let names: Vec<&str> = report["databases"]
            .as_array()
            .expect("databases")
            .iter()
            .filter_map(|database| database["name"].as_str())
            .collect();
        assert_eq!(names, list.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    }

    config(&[clean, drifted, gone]);
    let schema = run(pgphase::command().args(["json-schema", "drift"]), LIMIT);
    let schema: Value = serde_json::from_str(&schema.stdout).expect("a JSON Schema");
    let validator = jsonschema::validator_for(&schema).expect("a schema that a validator takes");
    let report = json(&all("json"));
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let mut wrong = report.clone();
    wrong["databases"][1]["differences"][0]["state"] = Value::from("odd");
    assert!(!validator.is_valid(&wrong));

    let text = all("text").stdout;
    assert!(text.starts_with("Drift in 1 of 3 databases"), "{text}");
    assert!(text.contains("1 of 3 could not be looked at"), "{text}");
    let message: Value = serde_json::from_str(&all("slack").stdout).expect("a message");
    assert_eq!(message["blocks"].as_array().expect("blocks").len(), 3, "{message:#}");

    let metrics = all("prometheus").stdout;
    for line in [
        "pgphase_drift_check_success{database=\"gone\"} 0",
        "pgphase_drift_detected{database=\"clean\"} 0",
        "pgphase_drift_detected{database=\"drifted\"} 1",
        "pgphase_drift_objects{database=\"clean\",state=\"missing\"} 0",
    ] {
        assert!(
            metrics.lines().any(|found| found == line),
            "{line} is not in\n{metrics}"
        );
    }
    assert!(!metrics.contains("detected{database=\"gone\"}"), "{metrics}");
    assert_metrics(&metrics);
    let file = path.join("pgphase.prom");
    let finished = drift(
        path,
        &[
            "--all",
            "-c",
            "pgphase.yaml",
            "--metrics-file",
            &file.display().to_string(),
        ],
    );
    assert_eq!(finished.code(), Some(2), "{}", finished.said());
    assert_metrics(&fs::read_to_string(&file).expect("the metrics"));
    let left = fs::read_dir(path).expect("the folder").filter_map(Result::ok);
    let left = left
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("pgphase.prom"))
        .count();
    assert_eq!(left, 1, "only the file itself is left");
}

/// The text format of Prometheus, as `promtool` reads it where it is, and by its own words: each family has its HELP and TYPE once,
/// its samples together, and the last line ends.
fn assert_metrics(metrics: &str) {
    assert!(metrics.ends_with('\n'));
    let mut families: Vec<&str> = Vec::new();
    for line in metrics.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let name = rest.split(' ').next().unwrap_or_default();
            assert!(!families.contains(&name), "{name} comes twice");
            families.push(name);
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            assert_eq!(
                Some(rest),
                families.last().map(|name| format!("{name} gauge")).as_deref()
            );
        } else {
            let (series, value) = line.rsplit_once(' ').expect("a value");
            let name = series.split('{').next();
            assert_eq!(name, families.last().copied(), "{line}");
            assert!(value.parse::<f64>().is_ok(), "{line}");
        }
    }
    let promtool = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut promtool) = promtool else {
        eprintln!("skipped: there is no promtool, so the metrics are judged by their grammar only");
        return;
    };
    std::io::Write::write_all(&mut promtool.stdin.take().expect("its input"), metrics.as_bytes()).expect("written");
    let output = promtool.wait_with_output().expect("its end");
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.trim().is_empty(), "promtool: {said}");
}

#[test]
fn a_declared_rename_that_is_still_to_do_is_drift() {
    let folder = tempfile::tempdir().expect("a folder");
    let database =
        built("CREATE TABLE items (id bigint PRIMARY KEY, title text); CREATE TYPE mood AS ENUM ('sad', 'glad');");
    written(
        folder.path(),
        "schema.sql",
        "CREATE TABLE items (
            id bigint PRIMARY KEY,
            -- @renamed_from title
            name text
        );
        -- @renamed_from mood
        CREATE TYPE feeling AS ENUM ('sad', 'glad');
        ",
    );
    let looked = || {
        let conninfo = database.conninfo();
        drift(
            folder.path(),
            &["--to", "schema.sql", "-d", &conninfo, "--format", "json"],
        )
    };
    let found = looked();
    assert_eq!(found.code(), Some(2), "{}", found.said());
    let report = json(&found);
    let forward = statements(&report, "to_database");
    let back = statements(&report, "to_files");
    assert_eq!((forward.len(), back.len()), (2, 2), "{}", found.said());
    for statement in &forward {
        database.sql(statement).expect(statement);
    }
    assert_eq!(looked().code(), Some(0), "{}", looked().said());
    for statement in &back {
        database.sql(statement).expect(statement);
    }
    assert_eq!(json(&looked()), report);
}
