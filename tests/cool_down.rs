//! A contract with a cool-down: what is written behind the swap, the way back, and what closes it.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use crate::scenarios::cases;
use crate::support::database::{Database, server_major};
use crate::support::dump::{Shown, difference, dump};
use crate::support::journey::{Route, Verdict};
use crate::support::pgphase::{self, COOLING, DIFFERENCE, NOTHING};
use crate::support::pool;
use crate::support::rows::{lost, rows};
use crate::support::run::{Finished, run};

const PLAIN: Shown = Shown { privileges: false };

/// A database in which a plan with a cool-down is under way.
struct Trial {
    database: Database,
    folder: tempfile::TempDir,
}

impl Trial {
    fn planned(before: &str, after: &str, more: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let trial = Self {
            database: Database::new(),
            folder,
        };
        trial.database.sql(before).expect("the schema before");
        fs::write(trial.to(), after).expect("the desired file");
        let planned = pgphase::plan_with(&trial.database, &trial.to(), &trial.plan(), more);
        assert_eq!(planned.code(), Some(DIFFERENCE), "{}", planned.said());
        trial
    }

    /// Behind the swap.
    fn swapped(before: &str, after: &str) -> Self {
        let trial = Self::planned(before, after, &["--cool-down", "1d"]);
        let applied = pgphase::apply(&trial.database, &trial.plan(), "all");
        assert_eq!(applied.code(), Some(COOLING), "{}", applied.said());
        assert!(
            applied.stderr.contains("the plan cools down until"),
            "{}",
            applied.said()
        );
        trial
    }

    fn to(&self) -> PathBuf {
        self.folder.path().join("after.sql")
    }

    fn plan(&self) -> PathBuf {
        self.folder.path().join("plan")
    }

    fn sql(&self, statements: &str) -> String {
        let answer = self.database.sql(statements);
        answer.unwrap_or_else(|error| panic!("{statements}: {error}"))
    }

    fn apply(&self, phase: &str, code: i32) -> Finished {
        let applied = pgphase::apply(&self.database, &self.plan(), phase);
        assert_eq!(applied.code(), Some(code), "apply {phase}: {}", applied.said());
        applied
    }

    fn back(&self, to: &str, code: i32) -> Finished {
        let back = pgphase::rollback_to(&self.database, &self.plan(), to);
        assert_eq!(back.code(), Some(code), "rollback --to {to}: {}", back.said());
        back
    }

    fn forced(&self) {
        let applied = pgphase::apply_forced(&self.database, &self.plan(), "contract");
        assert_eq!(applied.code(), Some(NOTHING), "{}", applied.said());
    }

    fn status(&self) -> String {
        let status = pgphase::command()
            .args(["status", "-d", &self.database.conninfo()])
            .output();
        String::from_utf8_lossy(&status.expect("status runs").stdout).into_owned()
    }
}

const INT_KEY: &str = "create table users (id int primary key, boss int references users (id), name text);
    create index users_boss on users (boss);
    insert into users select i, nullif(i / 10, 0), 'u' || i from generate_series(1, 100) i";
const BIGINT_KEY: &str = "create table users (id bigint primary key, boss bigint references users (id), name text);
    create index users_boss on users (boss);";

/// Every scenario of a twin, with a cool-down: forward to it, all the way back to the dump of the beginning, and to the end.
#[test]
fn every_twin_can_be_taken_back() {
    let major = server_major();
    let twins: Vec<_> = cases()
        .into_iter()
        .filter(|case| case.name.starts_with("twin/") && !case.cools_down() && case.runs_on(major))
        .filter(|case| pool::wanted(&case.name))
        .collect();
    let results = pool::map(&twins, |case| {
        pool::guarded(|| {
            case.prepare();
            let (live, wanted) = (
                Database::from_script(&case.build("before"))?,
                Database::from_script(&case.build("after"))?,
            );
            if case.file("seed.sql").exists() {
                live.script(&case.file("seed.sql"))?;
            }
            let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
            let verdict = Route {
                live: &live,
                wanted: &wanted,
                to: &case.file("after.sql"),
                out: &folder.path().join("plan"),
                shown: PLAIN,
                keep_rows: false,
                cool_down: true,
                by_phase: true,
                back: true,
            }
            .walk();
            let plan = fs::read_to_string(folder.path().join("plan/plan.yaml")).unwrap_or_default();
            match verdict {
                Verdict::Converged => Ok(plan.contains("\ncool_down: 86400")),
                other => Err(format!("{} {}", other.word(), other.reason())),
            }
        })
    });
    let failures: Vec<String> = twins
        .iter()
        .zip(&results)
        .filter_map(|(case, result)| result.as_ref().err().map(|reason| format!("{}: {reason}", case.name)))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    let at_once: Vec<&str> = twins
        .iter()
        .zip(&results)
        .filter(|(case, result)| matches!(result, Ok(false)) && !case.name.starts_with("twin/partitioned"))
        .map(|(case, _)| case.name.as_str())
        .collect();
    eprintln!("without a cool-down: {at_once:?}");
    assert!(at_once.len() * 3 <= twins.len(), "{at_once:?}");
}

#[test]
fn what_is_written_behind_the_swap_comes_back() {
    let trial = Trial::planned(INT_KEY, BIGINT_KEY, &["--cool-down", "1d"]);
    let before = dump(&trial.database, PLAIN).expect("a dump");
    trial.apply("all", COOLING);
    trial.sql(
        "insert into users (id, boss, name) values (101, 1, 'new'), (102, null, 'newer'); update users set boss = 101 where id = 5;
         delete from users where id = 99; update users set id = 1000 where id = 98;",
    );
    let now = trial.sql("select id, boss, name from users order by id");
    let drift = pgphase::drift(&trial.database, &trial.to());
    assert_eq!(drift.code(), Some(NOTHING), "{}", drift.said());
    let again = pgphase::plan(&trial.database, &trial.to(), &trial.folder.path().join("again"));
    assert_eq!(again.code(), Some(NOTHING), "{}", again.said());
    assert!(trial.status().contains("cools down until"), "{}", trial.status());

    trial.back("validate", NOTHING);
    assert_eq!(trial.sql("select id, boss, name from users order by id"), now);
    let types = "select pg_typeof(id), pg_typeof(boss) from users limit 1";
    assert_eq!(trial.sql(types).trim(), "integer|integer");
    // The keys of the twins are gone, and come again.
    let refused = trial.apply("contract", 1);
    assert!(refused.stderr.contains("--phase validate"), "{}", refused.said());
    trial.apply("validate", NOTHING);
    trial.apply("contract", COOLING);
    trial.back("start", NOTHING);
    assert_eq!(trial.sql("select id, boss, name from users order by id"), now);
    assert_eq!(
        difference(&before, &dump(&trial.database, PLAIN).expect("a dump")),
        None
    );
    trial.apply("all", COOLING);
    trial.forced();
    assert_eq!(trial.sql("select id, boss, name from users order by id"), now);
    trial.back("start", 3);
}

#[test]
fn a_value_without_an_old_form_closes_the_way_back_and_nothing_else() {
    let trial = Trial::swapped(INT_KEY, BIGINT_KEY);
    trial.sql("insert into users (id, boss, name) values (3000000000, 1, 'big'); update users set boss = 3000000000 where id = 2");
    let status = trial.status();
    assert!(status.contains("2 writes left a value"), "{status}");
    let before = rows(&trial.database).expect("the rows");
    let refused = trial.back("start", 5);
    assert!(
        refused.stderr.contains("1 row of public.users holds a value"),
        "{}",
        refused.said()
    );
    assert_eq!(lost(&before, &rows(&trial.database).expect("the rows")), None);
    trial.sql("insert into users (id, boss, name) values (3000000001, 1, 'big')");
    // It goes on from where it was, either way.
    trial.apply("contract", COOLING);
    trial.sql("update users set boss = 1 where id = 2; delete from users where id > 100");
    trial.back("start", NOTHING);
    assert_eq!(trial.sql("select boss from users where id = 2").trim(), "1");
}

#[test]
fn a_way_back_that_was_cut_off_goes_on() {
    let trial = Trial::swapped(INT_KEY, BIGINT_KEY);
    let leave = "alter table users add constraint pgphase_id_back check (pgphase_id_old is not null) not valid;
         alter table users add constraint pgphase_boss_fits check (pgphase_boss_old is not null or boss is null) not valid";
    trial.sql(leave);
    trial.apply("contract", COOLING);
    trial.back("validate", NOTHING);
    trial.apply("validate", NOTHING);
    trial.apply("contract", COOLING);
    trial.sql(leave);
    trial.forced();
    let drift = pgphase::drift(&trial.database, &trial.to());
    assert_eq!(drift.code(), Some(NOTHING), "{}", drift.said());
}

#[test]
fn the_end_needs_its_approval_and_its_time() {
    let trial = Trial::planned(INT_KEY, BIGINT_KEY, &["--cool-down", "2s"]);
    let path = trial.plan().join("plan.yaml");
    let plan = fs::read_to_string(&path).expect("the plan");
    fs::write(&path, plan.replace("approvals:\n- all", "approvals: []")).expect("the plan");
    // What takes nothing away needs none.
    trial.apply("all", 3);
    assert!(trial.status().contains("ool"), "{}", trial.status());
    fs::write(&path, plan).expect("the plan");
    trial.apply("contract", COOLING);
    std::thread::sleep(Duration::from_millis(2_100));
    assert!(trial.status().contains("has cooled down"), "{}", trial.status());
    trial.apply("contract", NOTHING);
}

#[test]
fn other_losses_wait_for_the_end() {
    let trial = Trial::swapped(
        "create table t (id int primary key, a text, b text); create table gone (x int); insert into t values (1, 'a', 'b'); insert into gone values (1)",
        "create table t (id int primary key,
            -- @renamed_from a
            a2 text);",
    );
    assert_eq!(trial.sql("select a2, b from t; select x from gone").trim(), "a|b\n1");
    assert!(trial.database.sql("select a from t").is_err());
    trial.back("start", NOTHING);
    assert_eq!(trial.sql("select a, b from t; select x from gone").trim(), "a|b\n1");
}

#[test]
fn the_old_value_comes_back_by_its_own_expression() {
    let trial = Trial::swapped(
        "create table t (id int primary key, cents int not null check (cents >= 0)); insert into t values (1, 150)",
        "create table t (id int primary key,
            -- @using cents / 100.0
            -- @reverse cents * 100
            cents numeric not null check (cents >= 0));",
    );
    trial.sql("insert into t (id, cents) values (2, 2.5), (3, 0.001); update t set cents = 7 where id = 1");
    assert!(trial.status().contains("1 write left a value"), "{}", trial.status());
    trial.back("validate", 5);
    trial.sql("delete from t where id = 3");
    trial.back("validate", NOTHING);
    assert_eq!(trial.sql("select id, cents from t order by 1").trim(), "1|700\n2|250");
}

#[test]
fn verify_walks_to_the_cool_down_and_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let (from, to, out) = (
        folder.path().join("before.sql"),
        folder.path().join("after.sql"),
        folder.path().join("plan"),
    );
    fs::write(&from, INT_KEY.split("insert").next().unwrap_or_default()).expect("a file");
    fs::write(&to, BIGINT_KEY).expect("a file");
    let mut plan = pgphase::command();
    plan.args([
        "plan",
        "--server-version",
        &server_major().to_string(),
        "--cool-down",
        "1d",
    ]);
    let planned = run(
        plan.arg("--from")
            .arg(&from)
            .arg("--to")
            .arg(&to)
            .arg("--out")
            .arg(&out),
        Duration::from_secs(60),
    );
    assert_eq!(planned.code(), Some(NOTHING), "{}", planned.said());
    let mut verify = pgphase::command();
    let verified = run(
        verify.arg("verify").arg(&out).arg("--from").arg(&from),
        Duration::from_secs(120),
    );
    assert_eq!(verified.code(), Some(NOTHING), "{}", verified.said());
    let back = "the way back from contract leaves every row as it was";
    assert!(verified.stdout.contains(back), "{}", verified.said());
}

/// A row that moves to another partition is inserted there with its old values, and is none that was written by place.
#[test]
fn rows_that_move_behind_the_swap_keep_both_values() {
    let parts = "create table t_1 partition of t for values in (1); create table t_2 partition of t for values in (2);";
    let trial = Trial::swapped(
        &format!(
            "create table t (id int, n int, a text, b int, c numeric default 1) partition by list (n); {parts}
             insert into t values (1, 1, 'x', 1, 1.50), (2, 1, null, null, null)"
        ),
        &format!(
            "create table t (id int, n int,
                -- @renamed_from a
                a2 text,
                b bigint,
                -- @using (c * 100)::int
                -- @reverse c / 100.0
                c int default 100) partition by list (n); {parts}"
        ),
    );
    trial.sql("update t set n = 2; update t set n = 1, a2 = 'y', b = 7 where id = 1; insert into t (id, n, a2, b) values (3, 2, 'new', 3); update t set n = 3 - n");
    trial.sql("insert into t (id, n, b) values (4, 1, 3000000000); update t set n = 2 where id = 4");
    let refused = trial.database.sql("insert into t values (5, 1, 'x', 5)");
    let refused = refused.expect_err("the values would have gone to the old columns");
    assert!(refused.contains("Name the columns"), "{refused}");
    trial.back("start", 5);
    trial.sql("delete from t where id = 4");
    trial.back("start", NOTHING);
    let rows = trial.sql("select string_agg(concat_ws(' ', id, n, a, b, c::float), ',' order by id) from t");
    assert_eq!(rows.trim(), "1 2 y 7 1.5,2 1,3 1 new 3 1");
}

#[test]
fn rows_by_place_are_refused_and_not_lost() {
    let trial = Trial::swapped(
        "create table t (id int primary key, a int); insert into t values (1, 1)",
        "create table t (id int primary key, a bigint);",
    );
    let refused = trial.database.sql("insert into t values (2, 5)");
    let refused = refused.expect_err("the value would have gone to the old column");
    assert!(refused.contains("Name the columns"), "{refused}");
    trial.sql("insert into t (id, a) values (2, 5)");
    trial.back("start", NOTHING);
    assert_eq!(
        trial
            .sql("select string_agg(id || ' ' || a, ',' order by id) from t")
            .trim(),
        "1 1,2 5"
    );
}
