//! Desired files made from a database (`inspect --out`) and brought up to it (`inspect --update`). Over the scenarios: what is
//! written loads with psql into a database with the same dump, and after an update there is no drift. One of each ten by
//! default, all with `cargo test --test suite -- --ignored files --nocapture`.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::scenarios::{Case, cases};
use crate::support::database::{Database, server_major};
use crate::support::dump::{self, Shown};
use crate::support::pgphase::{self, NOTHING};
use crate::support::pool;
use crate::support::run::{Finished, run};

const LIMIT: Duration = Duration::from_secs(60);
const SAMPLE: usize = 10;

fn inspect(database: &Database, flag: &str, path: &Path) -> Finished {
    run(
        pgphase::command()
            .args(["inspect", "-q", "-d", &database.conninfo(), flag])
            .arg(path),
        LIMIT,
    )
}

fn ok(what: &str, finished: &Finished) -> Result<(), String> {
    if finished.code() == Some(NOTHING) {
        Ok(())
    } else {
        Err(format!("{what}: exit {:?}: {}", finished.code(), finished.said()))
    }
}

/// Scenarios whose file says a setting over a statement that would have to be without it: that is told, and nothing is written.
const TOLD: &[&str] = &["tablespace/changed"];

/// Scenarios that load as something else: whether a trigger of the parent fires in a partition is not in the model, and PostgreSQL itself
/// reads another text than it prints of a text constant in a body.
const DIFFERS: &[&str] = &["same/trigger_of_a_partition", "same/text_constants_in_bodies"];

/// A database, written out and loaded again, has the same dump; a folder of its objects says the same.
fn written_out(case: &Case) -> Result<(), String> {
    case.prepare();
    let database = Database::from_script(&case.build("after"))?;
    let place = tempfile::tempdir().map_err(|error| error.to_string())?;
    let (file, folder) = (place.path().join("all.sql"), place.path().join("all"));
    ok("--out FILE", &inspect(&database, "--out", &file))?;
    ok("--out FOLDER", &inspect(&database, "--out", &folder))?;
    ok("drift from the folder", &pgphase::drift(&database, &folder))?;
    ok("the folder is up to date", &inspect(&database, "--update", &folder))?;
    let again = Database::from_script(&file)?;
    let shown = Shown { privileges: true };
    let (wanted, got) = (dump::dump(&database, shown)?, dump::dump(&again, shown)?);
    match dump::difference(&wanted, &got) {
        None if DIFFERS.contains(&case.name.as_str()) => Err("it loads as the same now".into()),
        None => Ok(()),
        Some(_) if DIFFERS.contains(&case.name.as_str()) => {
            eprintln!("known to differ: {}", case.name);
            Ok(())
        }
        Some(difference) => Err(format!("the file loads as something else:\n{difference}")),
    }
}

/// The file from before, brought up to the database from after, says what that is.
fn brought_up(case: &Case) -> Result<(), String> {
    case.prepare();
    let database = Database::from_script(&case.build("after"))?;
    let place = tempfile::tempdir().map_err(|error| error.to_string())?;
    let file = place.path().join("schema.sql");
    fs::copy(case.file("before.sql"), &file).map_err(|error| error.to_string())?;
    let finished = inspect(&database, "--update", &file);
    if TOLD.contains(&case.name.as_str()) {
        let (before, after) = (fs::read(case.file("before.sql")), fs::read(&file));
        let kept = before.is_ok_and(|before| after.is_ok_and(|after| before == after));
        let told = finished.said().contains("the files cannot be brought up to");
        return if kept && told {
            Ok(())
        } else {
            Err(format!("--update is not told: {}", finished.said()))
        };
    }
    ok("--update", &finished)?;
    if file.exists() {
        ok("drift", &pgphase::drift(&database, &file))?;
    }
    Ok(())
}

fn judge(step: usize) {
    let cases: Vec<Case> = cases()
        .into_iter()
        .filter(|case| case.runs_on(server_major()) && pool::wanted(&case.name))
        .filter(|case| {
            // Its dump holds what no file of ours can hold.
            if case.is_refused() {
                eprintln!("skipped: {} is refused", case.name);
            }
            !case.is_refused()
        })
        .step_by(step)
        .collect();
    let results = pool::map(&cases, |case| {
        let both = [written_out, brought_up].map(|way| pool::guarded(|| way(case)));
        both.into_iter().filter_map(Result::err).collect::<Vec<_>>()
    });
    let problems: Vec<String> = cases
        .iter()
        .zip(results)
        .flat_map(|(case, problems)| {
            problems
                .into_iter()
                .map(move |problem| format!("{}: {problem}", case.name))
        })
        .collect();
    eprintln!("files of {} scenarios, {} problems", cases.len(), problems.len());
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

#[test]
fn files_of_some_scenarios_are_written_and_brought_up() {
    judge(SAMPLE);
}

#[test]
#[ignore = "takes minutes: run it with --ignored"]
fn files_of_all_scenarios_are_written_and_brought_up() {
    judge(1);
}

const BEFORE: &str = "-- The shop.

-- People who buy.
CREATE TABLE customers (
    id    bigint PRIMARY KEY,  -- given by the shop
    fax   text,                -- nobody has one
    name  text NOT NULL,       -- as written on the parcel
    email text
);
create index customers_email on customers(email);
grant select on customers to pg_monitor;

-- Never used.
-- Not once.
CREATE TABLE attic (id int);

CREATE VIEW named AS
    SELECT id, name FROM customers; -- for the printer

COMMENT ON TABLE customers IS 'people';
";

const AFTER: &str = "-- The shop.

-- People who buy.
CREATE TABLE customers (
    id    bigint PRIMARY KEY,  -- given by the shop
    name  text NOT NULL,       -- as written on the parcel
    email text DEFAULT ''::text,
    phone text
);
create index customers_email on customers(email);
GRANT INSERT, SELECT ON TABLE public.customers TO pg_monitor;

CREATE VIEW named AS
    SELECT id, name FROM customers; -- for the printer

COMMENT ON TABLE public.customers IS 'people who buy';
CREATE INDEX customers_name ON public.customers USING btree (name);

CREATE TYPE public.mood AS ENUM ('glad', 'sad');
";

#[test]
fn what_did_not_change_stays_as_it_is_written() {
    let place = tempfile::tempdir().expect("a folder");
    let file = place.path().join("shop.sql");
    fs::write(&file, BEFORE).expect("the file");
    let database = Database::from_script(&file).expect("loads");
    let finished = inspect(&database, "--update", &file);
    assert_eq!(finished.code(), Some(NOTHING), "{}", finished.said());
    assert_eq!(fs::read_to_string(&file).expect("the file"), BEFORE);
    database
        .sql(
            "drop table attic; alter table customers drop fax, add phone text, alter email set default '';
             create index customers_name on customers (name); comment on table customers is 'people who buy';
             grant insert on customers to pg_monitor; create type mood as enum ('glad', 'sad')",
        )
        .expect("changes");
    let finished = inspect(&database, "--update", &file);
    assert_eq!(finished.code(), Some(NOTHING), "{}", finished.said());
    assert_eq!(fs::read_to_string(&file).expect("the file"), AFTER);
    let finished = pgphase::drift(&database, &file);
    assert_eq!(finished.code(), Some(NOTHING), "{}", finished.said());
}

#[test]
fn files_that_are_there_are_not_written_over() {
    let place = tempfile::tempdir().expect("a folder");
    let database = Database::new();
    database
        .sql("create table \"A\" (); create table a ()")
        .expect("tables");
    let folder = place.path().join("schema");
    ok("--out", &inspect(&database, "--out", &folder)).expect("written");
    let mut names: Vec<String> = fs::read_dir(folder.join("public/tables"))
        .expect("tables")
        .filter_map(Result::ok)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["A.sql", "a~.sql"]);
    let finished = inspect(&database, "--out", &folder);
    assert_eq!(finished.code(), Some(1), "{}", finished.said());
    assert!(finished.said().contains("is there already"), "{}", finished.said());
    database.sql("drop table \"A\"").expect("dropped");
    let finished = inspect(&database, "--update", &folder);
    assert_eq!(finished.code(), Some(NOTHING), "{}", finished.said());
    assert!(!folder.join("public/tables/A.sql").exists());
    let finished = pgphase::drift(&database, &folder);
    assert_eq!(finished.code(), Some(NOTHING), "{}", finished.said());
}
