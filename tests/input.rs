//! Bad input, as people and machines give it: each is answered with the right exit code, a sentence, and never a panic.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::support::database::{Database, cluster, sql};
use crate::support::pgphase;
use crate::support::run::{Finished, run};

const GOOD: &str = "CREATE TABLE t (id bigint PRIMARY KEY);\n";

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn written(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).expect("a file");
    path
}

/// Compares the text, as a file, with a good file.
fn diff(text: &str) -> Finished {
    let folder = folder();
    let (good, bad) = (
        written(folder.path(), "good.sql", GOOD),
        written(folder.path(), "bad.sql", text),
    );
    pgphase_run(&["diff", &good.display().to_string(), &bad.display().to_string()])
}

fn pgphase_run(arguments: &[&str]) -> Finished {
    run(pgphase::command().args(arguments), Duration::from_secs(60))
}

/// It ended by itself, with this code, and said something that contains each of these.
fn answered(finished: &Finished, code: i32, parts: &[&str]) {
    let said = finished.said();
    assert!(!finished.timed_out, "it did not end: {said}");
    assert_eq!(finished.code(), Some(code), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    for part in parts {
        assert!(said.contains(part), "no {part:?} in: {said}");
    }
}

#[test]
fn broken_sql_is_told_with_its_place() {
    answered(
        &diff("CREATE TABLE a (id int);\nCREATE TABEL b (id int);\n"),
        1,
        &["bad.sql:2:"],
    );
    answered(&diff("CREATE TABLE a (id int,, b int);"), 1, &["bad.sql:1:"]);
    answered(&diff("FROBNICATE everything;"), 1, &["bad.sql:1:1"]);
}

#[test]
fn a_truncated_file_is_an_error() {
    let whole = "CREATE TABLE a (id int DEFAULT 'x');\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS $body$ SELECT 1 /* c */ $body$;\n";
    for end in 1..whole.len() {
        let finished = diff(&whole[..end]);
        assert!(
            matches!(finished.code(), Some(0..=2)),
            "cut at {end}: {}",
            finished.said()
        );
    }
    answered(&diff("CREATE TABLE a (id int"), 1, &["bad.sql"]);
    answered(&diff("SELECT 'open"), 1, &["bad.sql:1:"]);
}

#[test]
fn bytes_that_are_not_text_are_an_error() {
    let folder = folder();
    let good = written(folder.path(), "good.sql", GOOD);
    let bad = folder.path().join("bad.sql");
    fs::write(&bad, [0x43, 0xff, 0xfe, 0x00, 0x3b]).expect("a file");
    answered(
        &pgphase_run(&["diff", &good.display().to_string(), &bad.display().to_string()]),
        1,
        &["bad.sql"],
    );
}

#[test]
fn a_missing_file_is_an_error() {
    answered(
        &pgphase_run(&["diff", "/nowhere/a.sql", "/nowhere/b.sql"]),
        1,
        &["/nowhere/a.sql"],
    );
}

#[test]
fn a_folder_that_contains_itself_ends() {
    let folder = folder();
    written(folder.path(), "a.sql", GOOD);
    std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).expect("a link");
    let other = self::folder();
    let good = written(other.path(), "good.sql", GOOD);
    let finished = pgphase_run(&[
        "diff",
        &good.display().to_string(),
        &folder.path().display().to_string(),
    ]);
    assert!(matches!(finished.code(), Some(0 | 1)), "{}", finished.said());
}

#[test]
fn deep_nesting_does_not_overflow_the_stack() {
    for depth in [100, 10_000, 200_000] {
        let parentheses = format!(
            "CREATE TABLE a (id int DEFAULT {}1{});",
            "(".repeat(depth),
            ")".repeat(depth)
        );
        let finished = diff(&parentheses);
        assert!(
            matches!(finished.code(), Some(0..=2)),
            "{depth} parentheses: {:?} {}",
            finished.status,
            head(&finished)
        );
        let selects = format!(
            "CREATE VIEW v AS {}SELECT 1{};",
            "SELECT * FROM (".repeat(depth),
            ") x".repeat(depth)
        );
        let finished = diff(&selects);
        assert!(
            matches!(finished.code(), Some(0..=2)),
            "{depth} queries: {:?} {}",
            finished.status,
            head(&finished)
        );
        let comments = format!("{}{} SELECT 1;", "/*".repeat(depth), "*/".repeat(depth));
        let finished = diff(&comments);
        assert!(
            matches!(finished.code(), Some(0..=2)),
            "{depth} comments: {:?} {}",
            finished.status,
            head(&finished)
        );
    }
}

fn head(finished: &Finished) -> String {
    finished.said().chars().take(300).collect()
}

#[test]
fn a_duplicate_names_both_places() {
    answered(
        &diff("CREATE TABLE a (id int);\n\nCREATE TABLE a (id int);\n"),
        1,
        &["bad.sql:3:", "bad.sql:1:"],
    );
}

#[test]
fn duplicate_yaml_keys_are_an_error() {
    let folder = folder();
    let good = written(folder.path(), "good.sql", GOOD);
    let bad = written(
        folder.path(),
        "bad.yaml",
        "tables:\n  a:\n    columns: {}\n  a:\n    columns: {}\n",
    );
    answered(
        &pgphase_run(&["diff", &good.display().to_string(), &bad.display().to_string()]),
        1,
        &["bad.yaml"],
    );
}

#[test]
fn wrong_usage_is_64() {
    answered(&pgphase_run(&["frobnicate"]), 64, &["frobnicate"]);
    answered(&pgphase_run(&["apply", "x", "--phase", "nonsense"]), 64, &["nonsense"]);
}

#[test]
fn an_unreachable_server_may_be_tried_again() {
    let folder = folder();
    let good = written(folder.path(), "good.sql", GOOD).display().to_string();
    answered(
        &pgphase_run(&["drift", "-d", "host=/nowhere dbname=x user=y", "--to", &good]),
        75,
        &["/nowhere"],
    );
    answered(
        &pgphase_run(&["drift", "-d", "host=127.0.0.1 port=1 dbname=x user=y", "--to", &good]),
        75,
        &["127.0.0.1"],
    );
}

#[test]
fn a_missing_database_is_an_error() {
    let folder = folder();
    let good = written(folder.path(), "good.sql", GOOD).display().to_string();
    let finished = pgphase_run(&["drift", "-d", &cluster().conninfo("no_such_database"), "--to", &good]);
    answered(&finished, 1, &["no_such_database"]);
}

#[test]
fn a_wrong_connection_string_is_an_error() {
    let folder = folder();
    let good = written(folder.path(), "good.sql", GOOD).display().to_string();
    let finished = pgphase_run(&["drift", "-d", "hots=localhost", "--to", &good]);
    assert!(matches!(finished.code(), Some(1 | 64)), "{}", finished.said());
    assert!(finished.said().contains("hots"), "{}", finished.said());
}

#[test]
fn a_role_without_rights_reads_the_schema() {
    let database = Database::new();
    sql("postgres", "create role app_nobody login").expect("a role");
    let text = "CREATE SCHEMA hidden; CREATE TABLE hidden.t (id bigint PRIMARY KEY, note text DEFAULT 'x'); \
                CREATE VIEW hidden.v AS SELECT t.id FROM hidden.t; REVOKE ALL ON SCHEMA public FROM PUBLIC;";
    database.sql(text).expect("a schema");
    let folder = folder();
    let file = written(folder.path(), "wanted.sql", text);
    let conninfo = database.conninfo().replace("user=postgres", "user=app_nobody");
    let finished = pgphase_run(&["drift", "-d", &conninfo, "--to", &file.display().to_string()]);
    answered(&finished, 0, &[]);
}
