//! Sources beside files and folders: revisions of a git repository, and folders of migrations.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::support::database::{Database, create_role};
use crate::support::pgphase;
use crate::support::run::{Finished, run};

const LIMIT: Duration = Duration::from_secs(60);

fn written(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
    fs::write(path, text).expect("a file");
}

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=somebody", "-c", "user.email=somebody@example.invalid"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("git");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// A repository whose first revision, with the tag `first`, has one table less than the files.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    written(
        folder.path(),
        "db/schema/a.sql",
        "CREATE TABLE a (id int);\n\\ir ../more/b.sql\n",
    );
    written(folder.path(), "db/more/b.sql", "CREATE TABLE b (id int);\n");
    written(folder.path(), "db/m/1_a.up.sql", "CREATE TABLE a (id int);\n");
    written(folder.path(), "db/m/1_a.down.sql", "DROP TABLE a;\n");
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-q", "-m", "first"]);
    git(folder.path(), &["tag", "first"]);
    written(folder.path(), "db/schema/c.sql", "CREATE TABLE c (id int);\n");
    folder
}

fn diff(folder: &Path, from: &str, to: &str) -> Finished {
    run(
        pgphase::command()
            .args(["diff", "--exit-code", from, to])
            .current_dir(folder),
        LIMIT,
    )
}

#[test]
fn a_revision_is_compared_with_the_files() {
    let repository = repository();
    let finished = diff(repository.path(), "git:first:db/schema", "db/schema");
    assert_eq!(finished.code(), Some(2), "{}", finished.said());
    assert!(finished.stdout.contains("table public.c"), "{}", finished.said());
    assert!(!finished.stdout.contains("public.b"), "{}", finished.said());
    // From another folder, as one file, and through `migrations:`.
    let below = repository.path().join("db");
    let finished = diff(&below, "git:HEAD:schema/a.sql", "git:first:./schema");
    assert_eq!(finished.code(), Some(0), "{}", finished.said());
    let finished = diff(&below, "migrations:git:first:m", "migrations:m");
    assert_eq!(finished.code(), Some(0), "{}", finished.said());
}

#[test]
fn what_git_does_not_have_is_told() {
    let repository = repository();
    let told = |from: &str, part: &str| {
        let finished = diff(repository.path(), from, "db/schema");
        assert_eq!(finished.code(), Some(1), "{from}: {}", finished.said());
        assert!(finished.said().contains(part), "{from}: {}", finished.said());
    };
    told("git:nowhere:db/schema", "git knows no revision nowhere");
    told("git:first:db/nothing", "first has no db/nothing");
    told("git:first:db/schema/c.sql", "first has no db/schema/c.sql");
    told("git:first", "names no path");
    told("git:--help:db", "names no revision");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let finished = run(
        pgphase::command()
            .args(["diff", "git:main:db", "git:main:db"])
            .current_dir(elsewhere.path())
            .env("GIT_CEILING_DIRECTORIES", elsewhere.path()),
        LIMIT,
    );
    assert!(finished.said().contains("in no git repository"), "{}", finished.said());
    let finished = run(
        pgphase::command()
            .args(["diff", "git:main:db", "git:main:db"])
            .current_dir(repository.path())
            .env("PATH", ""),
        LIMIT,
    );
    assert!(
        finished.said().contains("the program git is not there"),
        "{}",
        finished.said()
    );
}

#[test]
fn migrations_are_a_desired_schema_and_the_runners_table_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    written(
        path,
        "m/1_users.sql",
        "-- +goose Up\nCREATE TABLE users (id bigint PRIMARY KEY, name text);\n-- +goose Down\nDROP TABLE users;\n",
    );
    written(
        path,
        "m/2_touch.sql",
        "-- +goose Up\n-- +goose StatementBegin\nCREATE FUNCTION one() RETURNS int LANGUAGE plpgsql AS $$ begin return 1; end $$\n-- +goose StatementEnd\nALTER TABLE users RENAME COLUMN name TO full_name;\n-- +goose Down\nDROP FUNCTION one();\n",
    );
    written(
        path,
        "m/10_email.sql",
        "-- +goose Up\nALTER TABLE users ADD COLUMN email text;\n",
    );
    let database = Database::new();
    database
        .sql(
            "create table goose_db_version (id serial primary key, version_id bigint not null);
             create table users (id bigint primary key, full_name text);",
        )
        .expect("tables");
    let plan = path.join("plan");
    let finished = run(
        pgphase::command()
            .args(["plan", "--to", "migrations:m", "-d", &database.conninfo(), "--out"])
            .arg(&plan)
            .current_dir(path),
        LIMIT,
    );
    assert_eq!(finished.code(), Some(0), "{}", finished.said());
    let text = finished.said();
    assert!(text.contains("add column public.users.email"), "{text}");
    assert!(text.contains("function public.one()"), "{text}");
    assert!(!text.contains("drop"), "{text}");
    assert!(text.contains("public.goose_db_version is kept"), "{text}");
    let finished = run(
        pgphase::command()
            .args(["apply", "--phase", "all", "--yes", "-d", &database.conninfo()])
            .arg(&plan),
        LIMIT,
    );
    assert_eq!(finished.code(), Some(0), "{}", finished.said());
    let finished = run(
        pgphase::command()
            .args(["drift", "--to", "migrations:m", "-d", &database.conninfo()])
            .current_dir(path),
        LIMIT,
    );
    assert_eq!(finished.code(), Some(0), "{}", finished.said());
}

/// Migrations that no reader understands without running them, and what `psql` makes of them in a database.
fn migrations_with_code(folder: &Path) -> Database {
    let migrations = [
        (
            "m/1_users/up.sql",
            "CREATE TYPE mood AS ENUM ('sad');\nCREATE TABLE users (id bigint PRIMARY KEY, mood mood);\n",
        ),
        (
            "m/2_code/up.sql",
            "DO $$ BEGIN ALTER TABLE users ADD COLUMN email text; END $$;\n\
             CREATE TABLE users_copy AS SELECT id, email FROM users;\n\
             GRANT SELECT ON users TO pgphase_reader, \"pgphase Writer\";\n\
             ALTER TABLE users_copy ALTER COLUMN id SET NOT NULL;\n",
        ),
        (
            "m/3_alone/up.sql",
            "ALTER TYPE mood ADD VALUE 'glad';\n\
             ALTER TABLE users ALTER COLUMN mood SET DEFAULT 'glad';\n\
             CREATE INDEX CONCURRENTLY users_email_idx ON users (email);\n",
        ),
        (
            "m/4_transactions/up.sql",
            "BEGIN;\nALTER TABLE users ALTER COLUMN email SET NOT NULL;\nCOMMIT;\n\
             CREATE INDEX CONCURRENTLY users_mood_idx ON users (mood);\n",
        ),
        (
            "m/5_runner/up.sql",
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;\n\
             CREATE TRIGGER g BEFORE INSERT ON __diesel_schema_migrations EXECUTE FUNCTION f();\n",
        ),
    ];
    let database = Database::new();
    create_role("pgphase_reader");
    create_role("pgphase Writer");
    let table = "create table __diesel_schema_migrations (version varchar(50) primary key)";
    database.sql(table).expect("the runner's table");
    for (name, text) in migrations {
        written(folder, name, text);
        let done = database.script(&folder.join(name));
        assert!(done.is_ok(), "{name}: {done:?}");
    }
    database
}

#[test]
fn migrations_with_code_are_run_on_a_scratch_server() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = migrations_with_code(folder.path());
    let said = |arguments: &[&str]| {
        run(
            pgphase::command()
                .args(arguments)
                .args(["--to", "migrations:m", "-d", &database.conninfo()])
                .current_dir(folder.path()),
            LIMIT,
        )
    };
    let finished = said(&["plan"]);
    assert_eq!(finished.code(), Some(1), "{}", finished.said());
    assert!(finished.said().contains("--scratch auto runs"), "{}", finished.said());
    for arguments in [
        &["plan", "--exit-code", "--scratch", "auto"][..],
        &["drift", "--scratch", "auto"],
    ] {
        let finished = said(arguments);
        assert_eq!(finished.code(), Some(0), "{}", finished.said());
        assert!(finished.said().contains("5_runner/up.sql:2:1"), "{}", finished.said());
    }
    database.sql("alter table users_copy add x int").expect("a column");
    let finished = said(&["drift", "--scratch", "auto"]);
    assert_eq!(finished.code(), Some(2), "{}", finished.said());
    assert!(finished.said().contains("users_copy.x"), "{}", finished.said());
    written(
        folder.path(),
        "m/6_wrong/up.sql",
        "SELECT 1;\nALTER TABLE nobody ADD x int;\n",
    );
    let finished = said(&["plan", "--scratch", "auto"]);
    assert_eq!(finished.code(), Some(1), "{}", finished.said());
    assert!(finished.said().contains("42P01"), "{}", finished.said());
    assert!(finished.said().contains("6_wrong/up.sql:2:1"), "{}", finished.said());
}

#[test]
fn a_configuration_may_name_migrations() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    written(path, "pgphase.yaml", "schemas: migrations:m\n");
    written(path, "m/V1__a.sql", "CREATE TABLE a (id int);\n");
    let database = Database::new();
    let drift = || {
        let config = path.join("pgphase.yaml");
        run(
            pgphase::command()
                .args(["drift", "-d", &database.conninfo(), "-c"])
                .arg(&config),
            LIMIT,
        )
    };
    assert_eq!(drift().code(), Some(2), "{}", drift().said());
    database.sql("create table a (id int)").expect("a table");
    assert_eq!(drift().code(), Some(0), "{}", drift().said());
}
