//! A table that another session has locked while the schema is read: expressions are printed under a lock of their table.

use std::time::{Duration, Instant};

use super::{Blocker, database};
use crate::support::database::Database;
use crate::support::pgphase;
use crate::support::run::{Finished, run};

const TABLE: &str = "create table users (id int primary key, age int, constraint grown check (age > 17));";
const LOCK: &str = "begin; lock table users in access exclusive mode; select pg_sleep(5); commit";

struct Scene {
    database: Database,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new(budget: u32) -> Self {
        let scene = Self {
            database: database(TABLE),
            folder: tempfile::tempdir().expect("a folder"),
        };
        let after = format!("{TABLE} create view old as select id from users;");
        for (name, text) in [
            ("same.sql", TABLE),
            ("after.sql", &after),
            ("pgphase.yaml", &format!("policy: {{lock_budget: {budget}}}")),
        ] {
            std::fs::write(scene.folder.path().join(name), text).expect("a file");
        }
        scene
    }

    fn call(&self, words: &[&str]) -> Finished {
        let mut command = pgphase::command();
        command.args(words).args(["-d", &self.database.conninfo()]);
        command.current_dir(self.folder.path());
        run(&mut command, Duration::from_secs(60))
    }
}

#[test]
fn who_holds_a_lock_on_a_table_is_named_when_the_budget_is_spent() {
    let scene = Scene::new(1);
    let planned = scene.call(&["plan", "--to", "after.sql", "--out", "plan"]);
    assert_eq!(planned.code(), Some(0), "{}", planned.said());
    for words in [
        &["drift", "-q", "--to", "same.sql"][..],
        &["plan", "-q", "--to", "after.sql"],
        &["inspect"],
        &["apply", "plan", "--phase", "all", "--yes", "--lock-budget", "1"],
    ] {
        let blocker = Blocker::start(&scene.database, LOCK);
        let started = Instant::now();
        let locked = scene.call(words);
        assert!(
            started.elapsed() < Duration::from_secs(4),
            "{words:?}: {}",
            locked.said()
        );
        assert_eq!(locked.code(), Some(75), "{words:?}: {}", locked.said());
        for part in [
            "a table is locked",
            "blocked by pid ",
            "user postgres, psql",
            "pg_sleep(5)",
        ] {
            assert!(locked.stderr.contains(part), "{words:?}: {part}: {}", locked.stderr);
        }
        blocker.end();
    }
    let applied = scene.call(&["apply", "plan", "--phase", "all", "--yes"]);
    assert_eq!(applied.code(), Some(0), "{}", applied.said());
}

#[test]
fn a_lock_that_ends_in_time_is_waited_for_and_told() {
    let scene = Scene::new(30);
    let blocker = Blocker::start(&scene.database, LOCK);
    let clean = scene.call(&["drift", "-q", "--to", "same.sql"]);
    assert_eq!(clean.code(), Some(0), "{}", clean.said());
    let told = "the schema cannot be read yet, as a table is locked: pid ";
    assert_eq!(clean.stderr.matches(told).count(), 1, "{}", clean.stderr);
    blocker.end();
}

/// Whoever reads and writes the table needs the name of none of its keys.
#[test]
fn a_key_gets_another_name_while_a_transaction_that_wrote_is_open() {
    let table =
        |hint: &str, key: &str| format!("create table users (id int,{hint} constraint {key} primary key (id));");
    let database = database(&table("", "users_id"));
    let folder = tempfile::tempdir().expect("a folder");
    let (to, plan) = (folder.path().join("after.sql"), folder.path().join("plan"));
    let after = table("\n-- @renamed_from users_id\n", "users_pkey");
    std::fs::write(&to, after).expect("a file");
    let planned = pgphase::plan(&database, &to, &plan);
    assert_eq!(planned.code(), Some(pgphase::DIFFERENCE), "{}", planned.said());
    let blocker = Blocker::start(
        &database,
        "begin; insert into users values (1); select pg_sleep(5); commit",
    );
    let started = Instant::now();
    let applied = pgphase::apply(&database, &plan, "all");
    assert_eq!(applied.code(), Some(pgphase::NOTHING), "{}", applied.said());
    assert!(started.elapsed() < Duration::from_secs(4), "{}", applied.said());
    blocker.end();
}
