//! Errors for programs: with `--format json`, or `--error-format json` where a command has no other form, the last line of standard
//! error is one JSON object that its published schema takes, and its code is the exit code.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::database::Database;
use crate::support::pgphase;
use crate::support::run::{Finished, run};

const LIMIT: Duration = Duration::from_secs(60);

fn call(folder: &Path, args: &[&str]) -> Finished {
    run(pgphase::command().current_dir(folder).args(args), LIMIT)
}

fn validator(document: &str) -> jsonschema::Validator {
    let finished = call(Path::new("."), &["json-schema", document]);
    let schema: Value = serde_json::from_str(&finished.stdout).expect("a JSON Schema");
    jsonschema::validator_for(&schema).expect("a schema that a validator takes")
}

/// The error that a command ended with.
fn error(finished: &Finished) -> Value {
    let last = finished.stderr.lines().last().unwrap_or_default();
    let error: Value =
        serde_json::from_str(last).unwrap_or_else(|_| panic!("no JSON at the end of {}", finished.said()));
    let problems: Vec<String> = validator("error")
        .iter_errors(&error)
        .map(|problem| problem.to_string())
        .collect();
    assert!(problems.is_empty(), "{problems:?} in {error}");
    assert_eq!(error["version"], 1);
    error
}

/// A project in which everything is wrong that can be without a server.
fn broken() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file");
    write("good.sql", "CREATE TABLE t (id bigint PRIMARY KEY);\n");
    write("bad.sql", "CREATE TABLE a (id int);\n\n  CREATE TABEL b (id int);\n");
    write("wrong.yaml", "schemas: good.sql\nskemas: x\n");
    write("latin.sql", "-- ok\n");
    folder
}

#[test]
fn each_error_says_what_it_is_and_where() {
    let folder = broken();
    let nowhere = "host=/nowhere dbname=x user=y";
    let cases: &[(&[&str], i64, &str, Value)] = &[
        (
            &["diff", "good.sql", "bad.sql", "--format", "json"],
            1,
            "schema",
            json!({"file": "bad.sql", "line": 3, "column": 3}),
        ),
        (
            &["plan", "--from", "good.sql", "--to", "bad.sql", "--format=json"],
            1,
            "schema",
            json!({"file": "bad.sql", "line": 3, "column": 3}),
        ),
        (
            &["diff", "good.sql", "none.sql", "--format", "json"],
            1,
            "file",
            Value::Null,
        ),
        (&["lint", "none.sql", "--format", "json"], 1, "file", Value::Null),
        (
            &["show", "plans/none", "--format", "json"],
            1,
            "plan-folder",
            json!({"file": "plans/none/plan.yaml"}),
        ),
        (
            &["verify", "plans/none", "--format", "json"],
            1,
            "plan-folder",
            json!({"file": "plans/none/plan.yaml"}),
        ),
        (
            &["apply", "plans/none", "--phase", "all", "--format", "json"],
            1,
            "plan-folder",
            json!({"file": "plans/none/plan.yaml"}),
        ),
        (
            &["rollback", "plans/none", "--to", "start", "--error-format", "json"],
            1,
            "plan-folder",
            json!({"file": "plans/none/plan.yaml"}),
        ),
        (
            &["diff", "--format", "json", "--no-such-flag"],
            64,
            "usage",
            Value::Null,
        ),
        (
            &["apply", "x", "--phase", "nonsense", "--format", "json"],
            64,
            "usage",
            Value::Null,
        ),
        (
            &["plan", "--from", "good.sql", "--format", "json"],
            64,
            "usage",
            Value::Null,
        ),
        (
            &["drift", "-c", "wrong.yaml", "--format", "json"],
            64,
            "configuration",
            json!({"file": "wrong.yaml", "line": 2, "column": 1}),
        ),
        (
            &["drift", "-d", nowhere, "--to", "good.sql", "--format", "json"],
            75,
            "connection",
            Value::Null,
        ),
        (
            &["status", "-d", nowhere, "--format", "json"],
            75,
            "connection",
            Value::Null,
        ),
        (
            &["inspect", "-d", nowhere, "--format", "json"],
            75,
            "connection",
            Value::Null,
        ),
        (
            &["status", "-d", "hots=x", "--format", "json"],
            64,
            "usage",
            Value::Null,
        ),
        (
            &["explain", "no-such-rule", "--error-format=json"],
            64,
            "usage",
            Value::Null,
        ),
    ];
    for (args, code, kind, place) in cases {
        let finished = call(folder.path(), args);
        let error = error(&finished);
        assert_eq!(finished.code().map(i64::from), Some(*code), "{args:?}: {error}");
        assert_eq!(error["code"], json!(code), "{args:?}: {error}");
        assert_eq!(error["kind"], *kind, "{args:?}: {error}");
        let found: serde_json::Map<String, Value> = match &error["place"] {
            Value::Object(found) => found.clone().into_iter().filter(|(key, _)| key != "text").collect(),
            _ => serde_json::Map::new(),
        };
        let wanted = place.as_object().cloned().unwrap_or_default();
        assert_eq!(found, wanted, "{args:?}: {error}");
        // The same error for people: the same sentence, and no JSON.
        let plain = run(
            pgphase::command()
                .current_dir(folder.path())
                .args(*args)
                .args(["--error-format", "text"]),
            LIMIT,
        );
        if !args.iter().any(|word| word.starts_with("--error-format")) {
            assert_eq!(plain.code(), finished.code(), "{args:?}: {}", plain.said());
            let sentence = error["message"]
                .as_str()
                .and_then(|text| text.split(['\'', '\n']).next());
            assert!(
                plain.stderr.contains(sentence.unwrap_or("?")),
                "{error} and {}",
                plain.stderr
            );
            assert!(!plain.stderr.contains("{\""), "{}", plain.stderr);
        }
    }
}

#[test]
fn the_schema_takes_no_other_document() {
    let validator = validator("error");
    let good = error(&call(
        broken().path(),
        &["diff", "good.sql", "bad.sql", "--format", "json"],
    ));
    for (path, value) in [
        ("/version", json!("1")),
        ("/code", json!("1")),
        ("/kind", json!("bad luck")),
        ("/message", Value::Null),
        ("/place/line", json!("3")),
    ] {
        let mut wrong = good.clone();
        *wrong.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = value;
        assert!(!validator.is_valid(&wrong), "{path} may be anything");
    }
}

#[test]
fn the_variable_asks_for_it_too() {
    let mut command = pgphase::command();
    command
        .args(["explain", "no-such-rule"])
        .env("PGPHASE_ERROR_FORMAT", "json");
    assert_eq!(error(&run(&mut command, LIMIT))["kind"], "usage");
    let mut command = pgphase::command();
    command
        .args(["explain", "no-such-rule", "--error-format", "text"])
        .env("PGPHASE_ERROR_FORMAT", "json");
    let said = run(&mut command, LIMIT).stderr;
    assert!(said.starts_with("error: there is no rule"), "{said}");
}

#[test]
fn runs_and_looks_at_databases_fail_in_json() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = Database::new();
    database
        .sql("create table t (id bigint primary key, gone text)")
        .expect("a table");
    let conninfo = database.conninfo();
    fs::write(
        folder.path().join("after.sql"),
        "CREATE TABLE t (id bigint PRIMARY KEY);\n",
    )
    .expect("a file");
    let made = call(
        folder.path(),
        &["plan", "-q", "-d", &conninfo, "--to", "after.sql", "--out", "p"],
    );
    assert_eq!(made.code(), Some(0), "{}", made.said());
    let apply = [
        "apply", "p", "-d", &conninfo, "--phase", "contract", "--yes", "--format", "json",
    ];

    // A hazard that nobody has approved.
    let refused = call(folder.path(), &apply);
    let told = error(&refused);
    assert_eq!(
        (refused.code(), &told["code"], &told["kind"]),
        (Some(3), &json!(3), &json!("policy")),
        "{told}"
    );
    assert!(
        told["message"]
            .as_str()
            .expect("text")
            .contains("data-loss:column public.t.gone"),
        "{told}"
    );
    assert!(told["hint"].is_string(), "{told}");

    // A plan that is stale.
    let made = call(
        folder.path(),
        &[
            "plan",
            "-q",
            "-d",
            &conninfo,
            "--to",
            "after.sql",
            "--out",
            "p",
            "--approve",
            "all",
        ],
    );
    assert_eq!(made.code(), Some(0), "{}", made.said());
    database.sql("alter table t add other text").expect("another column");
    let stale = call(folder.path(), &apply);
    let told = error(&stale);
    assert_eq!(
        (stale.code(), &told["code"], &told["kind"]),
        (Some(4), &json!(4), &json!("stale")),
        "{told}"
    );

    // A step that fails is named.
    database
        .sql("alter table t drop other; create view v as select gone from t")
        .expect("a view");
    let blocked = call(folder.path(), &apply);
    assert_ne!(blocked.code(), Some(0), "{}", blocked.said());
    assert_eq!(error(&blocked)["code"].as_i64(), blocked.code().map(i64::from));

    // One of several databases cannot be reached: the document is there, and the error beside it.
    let config = format!(
        "schemas: after.sql\ndatabases:\n  here: {}\n  there: 'host=/nowhere dbname=x user=y'\n",
        serde_json::to_string(&conninfo).expect("a text")
    );
    fs::write(folder.path().join("pgphase.yaml"), config).expect("a file");
    database
        .sql("drop view v; alter table t drop gone")
        .expect("as the files want it");
    let looked = call(folder.path(), &["drift", "--all", "--format", "json"]);
    let told = error(&looked);
    assert_eq!(looked.code(), Some(75), "{}", looked.said());
    assert_eq!(
        (&told["database"], &told["kind"]),
        (&json!("there"), &json!("connection")),
        "{told}"
    );
    let document: Value = serde_json::from_str(&looked.stdout).expect("JSON");
    assert!(validator("drift").is_valid(&document), "{document}");
    assert_eq!(document["complete"], false);
}
