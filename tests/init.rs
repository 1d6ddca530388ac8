//! `init`: a project from nothing, or from a database, whose files then say what the database is. Nothing is ever written over.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::support::database::{Database, create_role, server_major};
use crate::support::dump::{self, Shown};
use crate::support::pgphase;
use crate::support::run::{Finished, run};
use crate::support::words::refusal;

const LIMIT: Duration = Duration::from_secs(120);

fn call(folder: &Path, args: &[&str]) -> Finished {
    run(pgphase::command().current_dir(folder).args(args), LIMIT)
}

fn done(folder: &Path, args: &[&str]) -> Finished {
    let finished = call(folder, args);
    assert_eq!(finished.code(), Some(0), "{args:?}: {}", finished.said());
    finished
}

/// Every file below a folder.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder").filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            let inner = files(&entry.path());
            found.extend(inner.into_iter().map(|(path, text)| (format!("{name}/{path}"), text)));
        } else {
            found.insert(name, fs::read_to_string(entry.path()).expect("a text"));
        }
    }
    found
}

/// A database with what people have: the shop, and things with owners, privileges, bodies, partitions and quoted names.
fn shop() -> Database {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let database = Database::from_script(&root.join("examples/shop/before.sql")).expect("the shop");
    create_role("init_reader");
    database
        .sql(
            "create schema app; create type app.mood as enum ('glad', 'sad');
             create table app.\"Log\" (at timestamptz not null default now(), what text, mood app.mood) partition by range (at);
             create table app.log_2026 partition of app.\"Log\" for values from ('2026-1-1') to ('2027-1-1');
             create index on app.\"Log\" (lower(what)) where what <> '';
             create function app.f(a int default 1) returns int language sql as 'select a + 1';
             create view app.seen as select at, what from app.\"Log\" where mood = 'glad';
             grant select on app.seen to init_reader; comment on view app.seen is 'it''s seen';
             alter table app.\"Log\" owner to init_reader",
        )
        .expect("more");
    database
}

/// What is written is listed, the next commands are understood, and nothing differs.
fn holds(folder: &Path, database: &Database, finished: &Finished, schemas: &str) {
    let listed: BTreeSet<String> = finished.stdout.lines().map(str::to_owned).collect();
    let there: BTreeSet<String> = files(folder).into_keys().collect();
    assert_eq!(listed, there, "{}", finished.said());
    assert!(
        finished.stderr.contains("nothing differs between the database and"),
        "{}",
        finished.stderr
    );
    let next: Vec<&str> = finished
        .stderr
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("pgphase "))
        .collect();
    assert!(next.len() > 1, "{}", finished.stderr);
    let refused: Vec<String> = next.into_iter().filter_map(refusal).collect();
    assert!(refused.is_empty(), "{refused:?}");
    let conninfo = database.conninfo();
    let plan = done(folder, &["plan", "-d", &conninfo, "--exit-code"]);
    assert!(plan.stdout.contains("Nothing to do"), "{}", plan.said());
    let diff = done(folder, &["diff", &conninfo, schemas, "--exit-code"]);
    assert_eq!(diff.stdout, "", "{}", diff.said());
}

#[test]
fn a_database_is_adopted() {
    let database = shop();
    let shown = Shown { privileges: true };
    let before = dump::dump(&database, shown).expect("a dump");
    let conninfo = database.conninfo();
    let folder = tempfile::tempdir().expect("a folder");
    let finished = done(folder.path(), &["init", "-d", &conninfo]);
    holds(folder.path(), &database, &finished, "schemas");
    assert!(
        folder.path().join("schemas/app/tables/Log.sql").exists(),
        "{}",
        finished.said()
    );

    // All in one file, that psql loads into an empty database with the same dump.
    let folder = tempfile::tempdir().expect("a folder");
    let finished = done(folder.path(), &["init", "-d", &conninfo, "--schemas", "db/all.sql"]);
    holds(folder.path(), &database, &finished, "db/all.sql");
    let again = Database::from_script(&folder.path().join("db/all.sql")).expect("loads");
    let after = dump::dump(&again, shown).expect("a dump");
    assert_eq!(dump::difference(&before, &after), None);

    // Without owners and privileges, nobody speaks of them.
    let folder = tempfile::tempdir().expect("a folder");
    let finished = done(
        folder.path(),
        &["init", "-d", &conninfo, "--no-owner", "--no-privileges"],
    );
    holds(folder.path(), &database, &finished, "schemas");
    let all = files(folder.path()).into_values().collect::<String>();
    assert!(!all.contains("OWNER TO") && !all.contains("GRANT"), "{all}");

    // The database has been read only.
    assert_eq!(
        dump::difference(&before, &dump::dump(&database, shown).expect("a dump")),
        None
    );
}

#[test]
fn an_empty_database_is_adopted() {
    let database = Database::new();
    for schemas in ["schemas", "all.sql"] {
        let folder = tempfile::tempdir().expect("a folder");
        let finished = done(
            folder.path(),
            &["init", "-d", &database.conninfo(), "--schemas", schemas],
        );
        holds(folder.path(), &database, &finished, schemas);
        let config = fs::read_to_string(folder.path().join("pgphase.yaml")).expect("a configuration");
        let major = format!("server_version: {}\n", server_major());
        assert!(config.contains(&major), "{config}");
    }
}

#[test]
fn the_environment_names_a_database_when_asked_to() {
    let database = shop();
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = pgphase::command();
    command.current_dir(folder.path()).args(["init", "--adopt"]);
    for (word, variable) in [
        ("host", "PGHOST"),
        ("user", "PGUSER"),
        ("dbname", "PGDATABASE"),
        ("port", "PGPORT"),
    ] {
        let conninfo = database.conninfo();
        let value = conninfo
            .split(' ')
            .find_map(|part| part.strip_prefix(&format!("{word}=")));
        if let Some(value) = value {
            command.env(variable, value.trim_matches('\''));
        }
    }
    let finished = run(&mut command, LIMIT);
    assert_eq!(finished.code(), Some(0), "{}", finished.said());
    holds(folder.path(), &database, &finished, "schemas");
}

#[test]
fn a_project_begins_without_a_database() {
    let place = tempfile::tempdir().expect("a folder");
    let finished = done(place.path(), &["init", "shop"]);
    assert_eq!(finished.stdout, "shop/pgphase.yaml\n", "{}", finished.said());
    assert!(finished.stderr.contains("next:"), "{}", finished.stderr);
    let shop = place.path().join("shop");
    assert!(shop.join("schemas").is_dir() && shop.join("plans").is_dir());

    // The second time nothing is touched.
    let config = shop.join("pgphase.yaml");
    fs::write(&config, "schemas: elsewhere\n").expect("a file");
    let again = call(place.path(), &["init", "shop"]);
    assert_eq!(again.code(), Some(1), "{}", again.said());
    assert!(again.stderr.contains("is there already"), "{}", again.stderr);
    assert_eq!(fs::read_to_string(&config).expect("a file"), "schemas: elsewhere\n");
}

#[test]
fn nothing_is_written_over() {
    let database = shop();
    let conninfo = database.conninfo();
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("schemas")).expect("a folder");
    let own = folder.path().join("schemas/own.sql");
    fs::write(&own, "CREATE TABLE own (id int);\n").expect("a file");
    let before = files(folder.path());
    for args in [
        &["init", "-d", &conninfo][..],
        &["init", "-d", &conninfo, "--schemas", "schemas/own.sql"],
    ] {
        let refused = call(folder.path(), args);
        assert_eq!(refused.code(), Some(1), "{}", refused.said());
        assert!(
            refused.stderr.contains("own.sql is there already"),
            "{}",
            refused.stderr
        );
        assert_eq!(files(folder.path()), before);
    }
    // Files that are there are taken as they are.
    done(folder.path(), &["init"]);
    assert_eq!(
        fs::read_to_string(&own).expect("a file"),
        "CREATE TABLE own (id int);\n"
    );
    let plan = done(folder.path(), &["plan", "--from", "schemas", "--exit-code"]);
    assert!(plan.stdout.contains("Nothing to do"), "{}", plan.said());
}

#[test]
fn what_files_cannot_say_is_told_before_anything_is_written() {
    let database = shop();
    database
        .sql("create table twice (a int); insert into twice values (1), (1)")
        .expect("rows");
    let build = database.sql("create unique index concurrently twice_a on twice (a)");
    assert!(build.is_err(), "the index is valid");
    let folder = tempfile::tempdir().expect("a folder");
    let refused = call(folder.path(), &["init", "-d", &database.conninfo()]);
    assert_eq!(refused.code(), Some(1), "{}", refused.said());
    assert!(
        refused.stderr.contains("REINDEX INDEX CONCURRENTLY public.twice_a"),
        "{}",
        refused.stderr
    );
    assert_eq!(files(folder.path()), BTreeMap::new());
    database.sql("drop index twice_a").expect("dropped");
    let finished = done(folder.path(), &["init", "-d", &database.conninfo()]);
    holds(folder.path(), &database, &finished, "schemas");
}

#[test]
fn migrations_are_the_desired_schema() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("db")).expect("a folder");
    fs::write(folder.path().join("db/1_t.up.sql"), "CREATE TABLE t (id int);\n").expect("a file");
    let before = files(folder.path());
    let database = shop();
    let refused = call(
        folder.path(),
        &["init", "--schemas", "migrations:db", "-d", &database.conninfo()],
    );
    assert_eq!(refused.code(), Some(64), "{}", refused.said());
    assert_eq!(files(folder.path()), before);
    let finished = done(folder.path(), &["init", "--schemas", "migrations:db"]);
    assert_eq!(finished.stdout, "pgphase.yaml\n");
    assert!(!folder.path().join("migrations:db").exists());
    let empty = Database::new();
    let plan = done(folder.path(), &["plan", "-q", "-d", &empty.conninfo()]);
    assert!(plan.stdout.contains("create table public.t"), "{}", plan.said());
}
