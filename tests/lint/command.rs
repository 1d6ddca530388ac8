//! `pgphase lint` and `explain` as a user calls them.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::support::pgphase;
use crate::support::run::{Finished, run};

fn called(folder: &Path, arguments: &[&str]) -> Finished {
    run(
        pgphase::command().args(arguments).current_dir(folder),
        Duration::from_secs(60),
    )
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("a file");
    }
    folder
}

/// The findings of a run as `rule file:line`.
fn found(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let mut words = vec!["lint", "--format", "json"];
    words.extend(arguments);
    let finished = called(folder, &words);
    let document: Value =
        serde_json::from_str(&finished.stdout).unwrap_or_else(|error| panic!("{error}: {}", finished.said()));
    let of = |finding: &Value| {
        format!(
            "{} {}:{}",
            finding["rule"].as_str().unwrap_or_default(),
            finding["file"].as_str().unwrap_or_default(),
            finding["line"]
        )
    };
    document["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(of)
        .collect()
}

const INDEX: &str = "CREATE INDEX users_email_idx ON users (email);\n";

#[test]
fn exit_codes() {
    let folder = folder(&[
        ("bad.sql", INDEX),
        ("good.sql", "CREATE INDEX CONCURRENTLY i ON users (email);\n"),
        ("info.sql", "CREATE TABLE a (id bigint PRIMARY KEY, at timestamp);\n"),
        ("broken.sql", "CREATE TABLE a (id 'bigint;\n"),
    ]);
    let code = |arguments: &[&str]| called(folder.path(), arguments).code();
    assert_eq!(code(&["lint", "bad.sql"]), Some(2));
    assert_eq!(code(&["lint", "good.sql"]), Some(0));
    assert_eq!(code(&["lint", "info.sql"]), Some(0));
    assert_eq!(code(&["lint", "info.sql", "--fail-on", "info"]), Some(2));
    assert_eq!(code(&["lint", "bad.sql", "--fail-on", "off"]), Some(0));
    assert_eq!(code(&["lint", "broken.sql"]), Some(1));
    assert_eq!(code(&["lint", "nowhere.sql"]), Some(1));
    assert_eq!(code(&["lint"]), Some(64));
    assert_eq!(code(&["lint", "bad.sql", "--server-version", "13"]), Some(64));
    assert_eq!(code(&["lint", "--rules"]), Some(0));
    assert_eq!(code(&["explain", "index-not-concurrent"]), Some(0));
    assert_eq!(code(&["explain", "data-loss:table public.t"]), Some(0));
    // Words of messages, in the forms in which they are said.
    for word in ["stale", "in flight", "unsettled", "Phases", "contract"] {
        assert_eq!(code(&["explain", word]), Some(0), "{word}");
    }
    let finished = called(folder.path(), &["explain", "stail"]);
    assert!(finished.stderr.contains("did you mean stale?"), "{}", finished.said());
    let finished = called(folder.path(), &["explain", "index-not-concurent"]);
    assert_eq!(finished.code(), Some(64));
    assert!(
        finished.stderr.contains("did you mean index-not-concurrent?"),
        "{}",
        finished.said()
    );
}

#[test]
fn text_shows_the_line_and_a_mark() {
    let folder = folder(&[(
        "bad.sql",
        "-- é\nCREATE TABLE a (id bigint PRIMARY KEY);\n\nCREATE INDEX users_email_idx\n    ON users (email);\n",
    )]);
    let finished = called(folder.path(), &["lint", "bad.sql"]);
    let wanted = "error[index-not-concurrent]: public.users has indexes built under SHARE: writes wait until it is done
 --> bad.sql:4:14
  |
4 | CREATE INDEX users_email_idx
  |              ^^^^^^^^^^^^^^^
  |
  = help: build it with CONCURRENTLY, outside a transaction
";
    assert!(finished.stdout.contains(wanted), "{}", finished.stdout);
    assert!(finished.stderr.contains("1 error in 1 file"), "{}", finished.stderr);
}

#[test]
fn a_migration_finds_what_earlier_ones_have_made() {
    let folder = folder(&[
        (
            "m/1_users.up.sql",
            "CREATE TABLE users (id bigint PRIMARY KEY, email text);\nCREATE INDEX ON users (id, email);\n",
        ),
        ("m/1_users.down.sql", "DROP TABLE users;\n"),
        (
            "m/2_wider.up.sql",
            "SET lock_timeout = '1s';\nALTER TABLE users ADD name varchar(10);\n",
        ),
        (
            "m/3_wider.up.sql",
            "SET lock_timeout = '1s';\nALTER TABLE users ALTER name TYPE varchar(20);\n",
        ),
        ("m/4_index.up.sql", INDEX),
    ]);
    let path = folder.path();
    // Its own table is not large; a varchar that is known to become longer is not rewritten.
    assert_eq!(found(path, &["m"]), ["index-not-concurrent m/4_index.up.sql:1"]);
    assert_eq!(found(path, &["m/3_wider.up.sql"]), Vec::<String>::new());
    assert_eq!(
        found(path, &["m/4_index.up.sql"]),
        ["index-not-concurrent m/4_index.up.sql:1"]
    );
    assert_eq!(
        found(path, &["migrations:m"]),
        ["index-not-concurrent m/4_index.up.sql:1"]
    );
    let finished = called(path, &["lint", "m/1_users.down.sql"]);
    assert_eq!(finished.code(), Some(0), "{}", finished.said());
    assert!(finished.stderr.contains("is not looked at"), "{}", finished.said());
    // Alone, and nothing known: the worst is assumed, unless the schema before is given.
    fs::copy(path.join("m/3_wider.up.sql"), path.join("wider.sql")).expect("a copy");
    assert_eq!(found(path, &["wider.sql"]), ["type-change-rewrites wider.sql:2"]);
    fs::write(
        path.join("schema.sql"),
        "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(10));\n",
    )
    .expect("a file");
    assert_eq!(
        found(path, &["wider.sql", "--from", "schema.sql"]),
        Vec::<String>::new()
    );
}

#[test]
fn what_no_file_makes_is_taken_as_existing() {
    for (statement, rule) in [
        ("DROP VIEW v", "drop-view"),
        ("DROP MATERIALIZED VIEW v", "drop-view"),
        ("ALTER VIEW v RENAME TO w", "rename-table"),
        ("DROP SCHEMA s", "drop-schema"),
        ("DROP TABLE IF EXISTS t", "drop-table"),
        ("DROP FUNCTION f(int)", "drop-routine"),
        ("DROP FUNCTION IF EXISTS f(int)", "drop-routine"),
        ("DROP TYPE IF EXISTS e", "drop-type"),
        ("DROP SEQUENCE s", "data-loss"),
        ("DROP INDEX i", "drop-index-not-concurrent"),
        ("ALTER TABLE t DROP COLUMN c", "drop-column"),
        ("ALTER TYPE e RENAME VALUE 'a' TO 'b'", "rename-enum-value"),
        ("ALTER TABLE t ALTER COLUMN c SET NOT NULL", "set-not-null-scans"),
        ("ALTER TABLE p DETACH PARTITION q", "detach-not-concurrent"),
        (
            "CREATE TABLE q PARTITION OF p FOR VALUES IN (1)",
            "partition-locks-parent",
        ),
        ("REFRESH MATERIALIZED VIEW v", "refresh-not-concurrent"),
    ] {
        let folder = folder(&[("m.sql", &format!("SET lock_timeout = '1s';\n{statement};\n"))]);
        assert_eq!(
            found(folder.path(), &["--as", "migrations", "m.sql"]),
            [format!("{rule} m.sql:2")],
            "{statement}"
        );
    }
}

#[test]
fn runners_say_whether_there_is_a_transaction() {
    let concurrently = "CREATE INDEX CONCURRENTLY i ON users (email);\n";
    let files = [
        (
            "goose/1_a.sql",
            format!("-- +goose Up\n{concurrently}-- +goose Down\n"),
            true,
        ),
        (
            "goose/2_b.sql",
            format!("-- +goose NO TRANSACTION\n-- +goose Up\n{concurrently}"),
            false,
        ),
        ("dbmate/1_a.sql", format!("-- migrate:up\n{concurrently}"), true),
        (
            "dbmate/2_b.sql",
            format!("-- migrate:up transaction:false\n{concurrently}"),
            false,
        ),
        ("diesel/2026-01-01-000000_a/up.sql", concurrently.into(), true),
        ("diesel/2026-01-02-000000_b/up.sql", concurrently.into(), false),
        (
            "diesel/2026-01-02-000000_b/metadata.toml",
            "run_in_transaction = false\n".into(),
            false,
        ),
        (
            "prisma/20260101000000_a/migration.sql",
            format!("{concurrently}SELECT 1;\n"),
            true,
        ),
        ("prisma/20260102000000_b/migration.sql", concurrently.into(), false),
        ("flyway/V1__a.sql", format!("{concurrently}SELECT 1;\n"), true),
        ("flyway/V2__b.sql", concurrently.into(), false),
    ];
    let listed: Vec<(&str, &str)> = files.iter().map(|(name, text, _)| (*name, text.as_str())).collect();
    let folder = folder(&listed);
    for (name, _, refused) in &files {
        if name.ends_with(".sql") {
            let found = found(folder.path(), &[name]);
            let told = found
                .iter()
                .any(|finding| finding.starts_with("concurrently-in-transaction"));
            assert_eq!(told, *refused, "{name}: {found:?}");
        }
    }
}

#[test]
fn desired_files_are_looked_at_as_a_whole() {
    let folder = folder(&[
        (
            "schema/a.sql",
            "CREATE INDEX ON b (id, at);\nCREATE VIEW v AS SELECT * FROM b;\n",
        ),
        (
            "schema/b.sql",
            "CREATE TABLE b (id bigint PRIMARY KEY,\n    at timestamp,\n    a_id integer REFERENCES a (id));\n",
        ),
        (
            "schema/c.yaml",
            "tables:\n  - name: a\n    columns:\n      - id bigint primary key\n",
        ),
        (
            "pgphase.yaml",
            "schemas: schema\nlint:\n  rules: {prefer-timestamptz: error}\n",
        ),
    ]);
    fs::remove_file(folder.path().join("schema/c.yaml")).expect("removed");
    fs::write(
        folder.path().join("schema/c.sql"),
        "CREATE TABLE a (id bigint PRIMARY KEY);\n",
    )
    .expect("a file");
    let wanted = [
        "prefer-timestamptz schema/b.sql:2",
        "foreign-key-without-index schema/b.sql:3",
        "foreign-key-type-mismatch schema/b.sql:3",
    ];
    let mut found = found(folder.path(), &[]);
    found.sort();
    let mut wanted = wanted.map(str::to_owned);
    wanted.sort();
    assert_eq!(found, wanted);
}

#[test]
fn comments_ignore_with_a_reason() {
    let folder = folder(&[
        (
            "said.sql",
            &format!("-- pgphase: ignore index-not-concurrent users is small\n{INDEX}"),
        ),
        (
            "behind.sql",
            &format!("{} -- pgphase: ignore index-not-concurrent small\n", INDEX.trim()),
        ),
        (
            "file.sql",
            &format!(
                "-- pgphase: ignore-file index-not-concurrent small\nSELECT 1;\n{INDEX}{}",
                INDEX.replace("email", "name")
            ),
        ),
        ("unused.sql", "-- pgphase: ignore drop-table gone\nSELECT 1;\n"),
        (
            "silent.sql",
            &format!("-- pgphase: ignore index-not-concurrent\n{INDEX}"),
        ),
        (
            "wrong.sql",
            &format!("-- pgphase: ignore index-not-concurent small\n{INDEX}"),
        ),
    ]);
    let path = folder.path();
    for file in ["said.sql", "behind.sql", "file.sql"] {
        assert_eq!(found(path, &[file]), Vec::<String>::new(), "{file}");
    }
    assert!(called(path, &["lint", "file.sql"]).stderr.contains("2 ignored"));
    assert_eq!(found(path, &["unused.sql"]), ["unused-suppression unused.sql:1"]);
    let silent = called(path, &["lint", "silent.sql"]);
    assert_eq!(silent.code(), Some(1));
    assert!(
        silent.stderr.contains("without a reason") && silent.stderr.contains("silent.sql:1:1"),
        "{}",
        silent.said()
    );
    let wrong = called(path, &["lint", "wrong.sql"]);
    assert_eq!(wrong.code(), Some(1));
    assert!(
        wrong.stderr.contains("did you mean index-not-concurrent?"),
        "{}",
        wrong.said()
    );
}

#[test]
fn levels_are_configured() {
    let folder = folder(&[
        ("bad.sql", INDEX),
        ("off.yaml", "lint: {rules: {index-not-concurrent: off}}\n"),
        (
            "info.yaml",
            "lint: {rules: {index-not-concurrent: info}, fail_on: error}\n",
        ),
        ("wrong.yaml", "lint: {rules: {index-not-concurent: info}}\n"),
        ("level.yaml", "lint: {rules: {index-not-concurrent: loud}}\n"),
    ]);
    let code = |config: &str| called(folder.path(), &["lint", "-c", config, "bad.sql"]).code();
    assert_eq!(code("off.yaml"), Some(0));
    assert_eq!(code("info.yaml"), Some(0));
    assert_eq!(code("wrong.yaml"), Some(64));
    assert_eq!(code("level.yaml"), Some(64));
    let rules = called(folder.path(), &["lint", "--rules", "-c", "off.yaml"]);
    let line = rules
        .stdout
        .lines()
        .find(|line| line.starts_with("index-not-concurrent"));
    assert!(line.is_some_and(|line| line.contains(" off ")), "{line:?}");
}

#[test]
fn other_forms() {
    let many: String = (0..12)
        .map(|n| format!("CREATE INDEX i{n} ON users (c{n});\n"))
        .collect();
    let folder = folder(&[("a b/é,1.sql", &many), ("clean.sql", "SELECT 1;\n")]);
    let form = |form: &str| called(folder.path(), &["lint", "--format", form, "a b/é,1.sql", "clean.sql"]);
    // GitHub shows ten of a kind; the rest is in the log, and no line of it is a command.
    let github = form("github").stdout;
    assert_eq!(
        github.lines().filter(|line| line.starts_with("::error ")).count(),
        10,
        "{github}"
    );
    assert!(
        github.starts_with(
            "::error file=a b/é%2C1.sql,line=1,endLine=1,col=14,endColumn=16,title=index-not-concurrent::"
        ),
        "{github}"
    );
    assert!(
        github.contains("2 more errors") && github.contains("é,1.sql:12:14: index-not-concurrent"),
        "{github}"
    );
    let gitlab: Value = serde_json::from_str(&form("gitlab").stdout).expect("JSON");
    let entries = gitlab.as_array().expect("an array");
    assert_eq!(entries.len(), 12);
    assert_eq!(entries[11]["location"]["lines"]["begin"], 12);
    let fingerprints: std::collections::BTreeSet<_> =
        entries.iter().map(|entry| entry["fingerprint"].as_str()).collect();
    assert_eq!(fingerprints.len(), 12);
    // A line above moves the findings and leaves them what they are.
    fs::write(folder.path().join("a b/é,1.sql"), format!("SELECT 1;\n{many}")).expect("a file");
    let moved: Value = serde_json::from_str(&form("gitlab").stdout).expect("JSON");
    assert_eq!(moved[0]["fingerprint"], entries[0]["fingerprint"]);
    assert_eq!(moved[0]["location"]["lines"]["begin"], 2);
    let sarif: Value = serde_json::from_str(&form("sarif").stdout).expect("JSON");
    assert_eq!(sarif["version"], "2.1.0");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len(), 12);
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("an index");
        assert_eq!(rules[usize::try_from(index).expect("small")]["id"], result["ruleId"]);
        let location = &result["locations"][0]["physicalLocation"];
        assert_eq!(location["artifactLocation"]["uri"], "a%20b/%C3%A9%2C1.sql");
    }
    let junit = form("junit").stdout;
    assert!(junit.contains("tests=\"13\" failures=\"12\""), "{junit}");
    assert_eq!(junit.matches("<failure ").count(), 12);
    assert!(junit.contains("name=\"nothing found\""), "{junit}");
}
