//! `verify`: a plan that holds, plans that do not and why, and that nothing but the scratch server is touched.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::scenarios::cases;
use crate::support::database::{Database, cluster, create_role, create_tablespace, server_major};
use crate::support::dump::{Shown, difference, dump};
use crate::support::pgphase::{self as program, DIFFERENCE, NOTHING};
use crate::support::pool;
use crate::support::run::{Finished, run};

const LIMIT: Duration = Duration::from_secs(300);
/// The plan does not hold.
const ERROR: i32 = 1;
/// The plan starts elsewhere.
const STALE: i32 = 4;

/// `verify` on the cluster of the tests.
fn verify(plan: &Path, arguments: &[&str]) -> Finished {
    let scratch = cluster().conninfo("postgres");
    let mut command = program::command();
    command.arg("verify").arg(plan).args(["--scratch", &scratch]);
    run(command.args(arguments), LIMIT)
}

/// A database with this schema, and a plan from it.
fn planned(before: &str, after: &str) -> (Database, tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("after.sql");
    fs::write(&to, after).expect("the desired file");
    let database = Database::new();
    database.sql(before).expect("the schema before");
    let plan = folder.path().join("plan");
    let planned = program::plan(&database, &to, &plan);
    assert_eq!(planned.code(), Some(DIFFERENCE), "{}", planned.said());
    (database, folder, plan)
}

/// Databases that a trial has left behind: their names hold the number of its process, and other tests have trials under way.
fn left_over() -> Vec<String> {
    let query = "select datname from pg_database where datname like 'pgphase_verify_%'";
    let names = crate::support::database::sql("postgres", query).expect("the databases");
    let process = |name: &str| name.split('_').nth(2).map(|number| Path::new("/proc").join(number));
    names
        .lines()
        .filter(|name| process(name).is_none_or(|process| !process.exists()))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_plan_of_the_shop_holds() {
    if server_major() < 15 {
        eprintln!("skipped: the plan of the shop is for PostgreSQL 15");
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let place = tempfile::tempdir().expect("a folder");
    for entry in fs::read_dir(root.join("plans/shop"))
        .expect("the plan")
        .filter_map(Result::ok)
    {
        fs::copy(entry.path(), place.path().join(entry.file_name())).expect("a copy");
    }
    let [from, to] = ["examples/shop/before.sql", "schemas/shop.sql"].map(|file| root.join(file).display().to_string());
    let arguments = ["--from", &from, "--to", &to, "--rows", "40"];
    let finished = verify(place.path(), &arguments);
    assert_eq!(finished.code(), Some(NOTHING), "{}", finished.said());
    assert!(
        finished.stdout.contains("(33 of 33 steps looked at)"),
        "{}",
        finished.stdout
    );
    assert!(
        finished.stdout.contains("with 160 rows in 4 tables"),
        "{}",
        finished.stdout
    );
    let review = |place: &Path| fs::read_to_string(place.join("REVIEW.md")).expect("the review");
    let once = review(place.path());
    assert!(
        once.contains("## Evidence") && once.contains("| validate-3 |"),
        "{once}"
    );
    // The plan is still what was reviewed, and new evidence takes the place of the old.
    let again = verify(place.path(), &arguments);
    assert_eq!(again.code(), Some(NOTHING), "{}", again.said());
    assert_eq!(review(place.path()), once);
}

/// What triggers do while a backfill runs is told, and is no reason to refuse a plan that says so; rows that go are.
#[test]
fn what_triggers_write_is_told() {
    let fires = |body: &str| {
        format!(
            "CREATE TABLE log (id int);
             CREATE TABLE t (id int PRIMARY KEY);
             CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; RETURN NULL; END $$;
             CREATE TRIGGER note AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION note();"
        )
    };
    for (body, code, says) in [
        (
            "INSERT INTO public.log VALUES (NEW.id)",
            NOTHING,
            "ok   the plan says that triggers change rows; none are gone",
        ),
        (
            "DELETE FROM public.log",
            ERROR,
            "FAIL rows and values that the plan is not to change are as before",
        ),
    ] {
        let before = fires(body);
        let after = before.replace(
            "(id int PRIMARY KEY)",
            "(id int PRIMARY KEY, token uuid NOT NULL DEFAULT gen_random_uuid())",
        );
        let (database, _folder, plan) = planned(&before, &after);
        let finished = verify(&plan, &["-d", &database.conninfo(), "--rows", "20"]);
        assert_eq!(finished.code(), Some(code), "{}", finished.said());
        assert!(finished.stdout.contains(says), "{}", finished.said());
    }
}

#[test]
fn a_false_fact_is_told() {
    let (database, _folder, plan) = planned("create table t (a int)", "create table t (a int, b int);");
    let file = plan.join("plan.yaml");
    let text = fs::read_to_string(&file).expect("the plan");
    let softened = text.replace("ACCESS_EXCLUSIVE", "SHARE_UPDATE_EXCLUSIVE");
    assert_ne!(text, softened);
    fs::write(&file, softened).expect("the plan");
    let finished = verify(&plan, &["-d", &database.conninfo()]);
    assert_eq!(finished.code(), Some(ERROR), "{}", finished.said());
    let told = "expand-1: public.t: the plan says SHARE UPDATE EXCLUSIVE, and ACCESS EXCLUSIVE was seen";
    assert!(finished.stdout.contains(told), "{}", finished.stdout);
}

#[test]
fn a_step_that_the_rows_refuse_is_told_and_the_real_database_is_only_read() {
    let (database, folder, plan) = planned(
        "create table t (id int primary key, price numeric); insert into t values (1, 5)",
        "create table t (id int primary key, price numeric constraint price_positive check (price > 0));",
    );
    let before = dump(&database, Shown::default()).expect("a dump");
    let holds = verify(&plan, &["-d", &database.conninfo(), "--rows", "20"]);
    assert_eq!(holds.code(), Some(NOTHING), "{}", holds.said());
    let rows = folder.path().join("rows.sql");
    fs::write(&rows, "insert into public.t values (1000, -3), (1001, -4);").expect("the rows");
    let rows = rows.display().to_string();
    let finished = verify(&plan, &["-d", &database.conninfo(), "--seed-sql", &rows]);
    assert_eq!(finished.code(), Some(ERROR), "{}", finished.said());
    assert!(
        finished.stdout.contains("FAIL validate runs") && finished.stdout.contains("2 rows of public.t"),
        "{}",
        finished.stdout
    );
    let after = dump(&database, Shown::default()).expect("a dump");
    assert_eq!(difference(&before, &after), None);
    assert_eq!(
        database
            .sql("select to_regnamespace('pgphase') is null, count(*) from t")
            .as_deref(),
        Ok("t|1\n")
    );
    assert_eq!(left_over(), Vec::<String>::new());
}

#[test]
fn a_plan_that_starts_elsewhere_is_stale() {
    let (_database, _folder, plan) = planned("create table t (a int)", "create table t (a int, b int);");
    let other = Database::new();
    let finished = verify(&plan, &["-d", &other.conninfo()]);
    assert_eq!(finished.code(), Some(STALE), "{}", finished.said());
}

/// Scenarios whose generated rows the plan cannot take, with the reason.
const ROWS_REFUSED: &[(&str, &str)] = &[
    (
        "partition/attach_with_every_key",
        "a column is in two foreign keys, and each value is guessed from one of them",
    ),
    (
        "partition/table_becomes_partitioned",
        "one of its tables has no partition that could take a row",
    ),
];

#[test]
#[ignore = "verifies the plan of every scenario; minutes"]
fn the_plan_of_every_scenario_holds() {
    let major = server_major();
    let cases: Vec<_> = cases()
        .into_iter()
        .filter(|case| case.runs_on(major) && !case.is_same() && pool::wanted(&case.name))
        .collect();
    let results = pool::map(&cases, |case| {
        let result = pool::guarded(|| {
            case.roles().iter().for_each(|role| create_role(role));
            case.tablespaces().iter().for_each(|name| create_tablespace(name));
            let database = Database::from_script(&case.build("before"))?;
            let out = tempfile::tempdir().map_err(|error| error.to_string())?;
            let to = case.file("after.sql");
            if program::plan(&database, &to, out.path()).code() != Some(DIFFERENCE) {
                return Ok(());
            }
            let to = to.display().to_string();
            let finished = verify(out.path(), &["-d", &database.conninfo(), "--to", &to, "--rows", "30"]);
            match finished.code() {
                Some(NOTHING) => Ok(()),
                _ => Err(finished.said()),
            }
        });
        let known = ROWS_REFUSED.iter().any(|(name, _)| case.name == *name);
        let result = result.err().filter(|_| !known);
        if let Some(reason) = &result {
            eprintln!("{}: {reason}", case.name);
        }
        result.is_none()
    });
    let holds = results.iter().filter(|holds| **holds).count();
    eprintln!("verify on PostgreSQL {major}: {holds} of {} plans hold", cases.len());
    assert_eq!(holds, cases.len());
}

#[test]
fn a_plan_made_from_a_database_is_tried_on_files() {
    let before = "CREATE TABLE t (id int PRIMARY KEY, a varchar(10)); COMMENT ON TABLE t IS 'x';";
    let (_database, folder, plan) = planned(before, &before.replace("(10)", "(20)"));
    let from = folder.path().join("before.sql");
    let tried = || {
        let from = from.display().to_string();
        run(
            program::command()
                .arg("verify")
                .arg(&plan)
                .args(["--rows", "5", "--from", &from]),
            LIMIT,
        )
    };
    fs::write(&from, before).expect("the files");
    let finished = tried();
    assert_eq!(finished.code(), Some(0), "{}", finished.said());
    assert!(finished.said().contains("is tried on files"), "{}", finished.said());
    // Another object is another start.
    fs::write(&from, format!("{before} CREATE TABLE u (id int);")).expect("the files");
    let finished = tried();
    assert_eq!(finished.code(), Some(4), "{}", finished.said());
    assert!(finished.said().contains("table public.u is new"), "{}", finished.said());
    fs::write(&from, "CREATE TABLE u (id int);").expect("the files");
    assert_eq!(tried().code(), Some(4));
}

/// Made-up rows are where the partitions that come will hold them: of tables that are attached, and beside a new one in the default.
#[test]
fn rows_follow_the_bounds_of_partitions_that_come() {
    let tables = "create table old (at date not null, n int not null);
         create table assorted (kind text not null, n int not null);
         create table part (n int not null, note text);";
    let before = format!(
        "create table logs (at date not null, n int not null) partition by range (at);
         create table logs_rest partition of logs default;
         create table kinds (kind text not null, n int not null) partition by list (kind);
         create table spread (n int not null, note text) partition by hash (n);
         create table spread_0 partition of spread for values with (modulus 2, remainder 0);
         {tables}"
    );
    let after = "create table logs (at date not null, n int not null) partition by range (at);
         create table logs_rest partition of logs default;
         create table old partition of logs for values from ('2031-01-01') to ('2031-02-01');
         create table logs_new partition of logs for values from ('2024-01-01') to ('2025-01-01');
         create table kinds (kind text not null, n int not null) partition by list (kind);
         create table assorted partition of kinds for values in ('red', 'green');
         create table spread (n int not null, note text) partition by hash (n);
         create table spread_0 partition of spread for values with (modulus 2, remainder 0);
         create table part partition of spread for values with (modulus 2, remainder 1);";
    let (database, _folder, plan) = planned(&before, after);
    let finished = verify(&plan, &["-d", &database.conninfo(), "--rows", "20"]);
    assert_eq!(finished.code(), Some(NOTHING), "{}", finished.said());
    // The partitioned table of kinds has no partition yet, and takes no row.
    assert!(
        finished.stdout.contains("with 100 rows in 5 tables"),
        "{}",
        finished.stdout
    );
}
