//! The program is killed, interrupted, blocked and started twice; the end is always the same.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::Blocker;
use crate::support::database::Database;
use crate::support::pgphase;
use crate::support::run::Finished;

const BEFORE: &str = "
create table users (id int primary key, name text);
create table orders (id int primary key, user_id int, note text);";

const AFTER: &str = "
create table users (id int primary key, name text not null, token uuid not null default gen_random_uuid());
create table orders (id int primary key, user_id int references users (id), note text);
create index orders_user on orders (user_id);
create index users_name on users (name);";

const ROWS: &str = "
insert into users select g, 'user ' || g from generate_series(1, 40000) g;
insert into orders select g, g, repeat('x', 50) from generate_series(1, 40000) g;";

/// A transaction that a concurrent build has to wait for.
const SLOW_WRITER: &str = "begin; insert into orders values (-1, null, ''); select pg_sleep(4); rollback";

const BUILDING: &str = "select exists (select from pg_stat_activity where query ilike '%create index concurrently%' \
    and wait_event_type = 'Lock' and pid <> pg_backend_pid() and datname = current_database())";

const END_SESSIONS: &str = "select pg_terminate_backend(pid) from pg_stat_activity \
    where application_name = 'pgphase' and datname = current_database()";

struct Scene {
    database: Database,
    folder: tempfile::TempDir,
}

impl Scene {
    /// A database with rows, and a plan for it.
    fn new() -> Self {
        let database = super::database(&format!("{BEFORE}{ROWS}"));
        let folder = tempfile::tempdir().expect("a folder");
        let to = folder.path().join("after.sql");
        std::fs::write(&to, AFTER).expect("the desired file");
        let scene = Self { database, folder };
        let planned = pgphase::plan(&scene.database, &to, &scene.plan());
        assert_eq!(planned.code(), Some(pgphase::DIFFERENCE), "{}", planned.said());
        scene
    }

    fn plan(&self) -> std::path::PathBuf {
        self.folder.path().join("plan")
    }

    fn apply(&self) -> Finished {
        pgphase::apply(&self.database, &self.plan(), "all")
    }

    /// Starts `apply` and does not wait for it.
    fn start(&self) -> Child {
        Command::new(env!("CARGO_BIN_EXE_pgphase"))
            .arg("apply")
            .arg(self.plan())
            .args(["-d", &self.database.conninfo(), "--phase", "all", "--yes"])
            // Several workers and short batches: there is more to be cut off.
            .env("PGPHASE_JOBS", "3")
            .env("PGPHASE_BATCH_TIME", "0.02")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts")
    }

    /// Waits until a query says `t`.
    fn until(&self, condition: &str) {
        let started = Instant::now();
        while self.ask(condition) != "t" {
            assert!(started.elapsed() < Duration::from_secs(60), "never: {condition}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn ask(&self, query: &str) -> String {
        self.database.sql(query).unwrap_or_default().trim().to_owned()
    }

    /// The run can be finished, and then the database is as the file wants it.
    fn finish(&self) {
        // The server notices the death of a client when it next writes to it.
        let started = Instant::now();
        let applied = loop {
            let applied = self.apply();
            if applied.code() != Some(75) || started.elapsed() > Duration::from_secs(60) {
                break applied;
            }
        };
        assert_eq!(applied.code(), Some(pgphase::NOTHING), "{}", applied.said());
        let drift = pgphase::drift(&self.database, &self.folder.path().join("after.sql"));
        assert_eq!(drift.code(), Some(pgphase::NOTHING), "{}", drift.said());
        assert_eq!(self.ask("select count(*) from users where token is null"), "0");
        // Exactly once: every batch counts its rows in its own transaction.
        assert_eq!(self.ask("select sum(rows) from pgphase.step"), "40000");
        assert_eq!(self.ask("select count(*) from pg_index where not indisvalid"), "0");
        assert_eq!(
            self.ask("select count(*) from pgphase.plan where finished is not null"),
            "1"
        );
    }
}

fn kill(mut child: Child) {
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .arg(format!("-{name}"))
        .arg(child.id().to_string())
        .status();
    assert!(sent.is_ok_and(|status| status.success()));
}

#[test]
fn killed_again_and_again_it_ends_the_same() {
    let scene = Scene::new();
    for pause in [40, 80, 120, 160, 200, 260, 320, 400] {
        let child = scene.start();
        std::thread::sleep(Duration::from_millis(pause));
        kill(child);
    }
    scene.finish();
}

#[test]
fn killed_in_a_concurrent_build_it_goes_on() {
    let scene = Scene::new();
    let blocker = Blocker::start(&scene.database, SLOW_WRITER);
    let child = scene.start();
    scene.until(BUILDING);
    kill(child);
    // The server's session lives on in its wait; as an administrator would, end it.
    scene.ask(END_SESSIONS);
    assert_ne!(scene.ask("select count(*) from pg_index where not indisvalid"), "0");
    blocker.end();
    scene.finish();
}

#[test]
fn killed_while_it_waits_for_a_lock_it_goes_on() {
    let scene = Scene::new();
    let blocker = Blocker::start(
        &scene.database,
        "begin; lock table users in access share mode; select pg_sleep(3); rollback",
    );
    let child = scene.start();
    std::thread::sleep(Duration::from_millis(1500));
    kill(child);
    blocker.end();
    scene.finish();
}

#[test]
fn signals_end_it_cleanly() {
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let scene = Scene::new();
        let blocker = Blocker::start(
            &scene.database,
            "begin; lock table users in access share mode; select pg_sleep(3); rollback",
        );
        let child = scene.start();
        std::thread::sleep(Duration::from_millis(1500));
        signal(&child, name);
        let ended = child.wait_with_output().expect("it ends");
        assert_eq!(ended.status.code(), Some(code));
        let said = String::from_utf8_lossy(&ended.stderr);
        // The step was announced, and waits for its lock.
        assert!(
            said.contains(&format!("stopped by SIG{name} in step expand-1")),
            "{said}"
        );
        blocker.end();
        scene.finish();
    }
}

/// A build that waits for somebody's transaction is cancelled at the first signal, though the transaction goes on, and the next run
/// takes away what it left.
#[test]
fn a_signal_cancels_a_build() {
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let scene = Scene::new();
        let blocker = Blocker::start(
            &scene.database,
            "begin; insert into orders values (-1, null, ''); select pg_sleep(20); rollback",
        );
        let mut child = scene.start();
        scene.until(BUILDING);
        signal(&child, name);
        let status = child.wait().expect("it ends");
        assert_eq!(status.code(), Some(code));
        let still =
            "select count(*) from pg_stat_activity where query like '%pg_sleep(20)%' and pid <> pg_backend_pid()";
        assert_eq!(
            scene.database.sql(still).as_deref().map(str::trim),
            Ok("1"),
            "the writer was waited for"
        );
        scene.ask("select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(20)%' and pid <> pg_backend_pid()");
        blocker.end();
        scene.finish();
    }
}

#[test]
fn a_lost_connection_is_told_and_the_next_run_goes_on() {
    let scene = Scene::new();
    let blocker = Blocker::start(&scene.database, SLOW_WRITER);
    let mut child = scene.start();
    scene.until(BUILDING);
    scene.ask(END_SESSIONS);
    assert_eq!(child.wait().expect("it ends").code(), Some(5));
    blocker.end();
    scene.finish();
}

#[test]
fn of_two_runs_one_works_and_one_waits_its_turn() {
    let scene = Scene::new();
    let (mut first, mut second) = (scene.start(), scene.start());
    let codes = [first.wait(), second.wait()].map(|status| status.ok().and_then(|status| status.code()));
    assert!(codes.contains(&Some(0)), "{codes:?}");
    assert!(codes.iter().all(|code| matches!(code, Some(0 | 75))), "{codes:?}");
    scene.finish();
}

#[test]
fn a_change_in_between_makes_the_plan_stale() {
    let scene = Scene::new();
    scene.ask("alter table orders add column extra int");
    let applied = scene.apply();
    assert_eq!(applied.code(), Some(4), "{}", applied.said());
    assert!(
        applied.said().contains("table public.orders is different"),
        "{}",
        applied.said()
    );
    scene.ask("alter table orders drop column extra");
    let expand = pgphase::apply(&scene.database, &scene.plan(), "expand");
    assert_eq!(expand.code(), Some(0), "{}", expand.said());
    scene.ask("create view named as select name from users");
    let applied = scene.apply();
    assert_eq!(applied.code(), Some(4), "{}", applied.said());
    assert!(
        applied.said().contains("view public.named is new"),
        "{}",
        applied.said()
    );
    scene.ask("drop view named");
    scene.finish();
}

#[test]
fn edited_sql_and_open_hazards_are_refused() {
    let scene = Scene::new();
    let file = scene.plan().join("1-expand.sql");
    let text = std::fs::read_to_string(&file).expect("a phase file");
    std::fs::write(&file, text.replace("ADD COLUMN", "ADD COLUMN IF NOT EXISTS")).expect("edited");
    let applied = scene.apply();
    assert_eq!(applied.code(), Some(3), "{}", applied.said());
    assert!(applied.said().contains("not what was planned"), "{}", applied.said());
    std::fs::write(&file, text).expect("as before");

    let smaller = scene.folder.path().join("smaller.sql");
    std::fs::write(&smaller, "create table users (id int primary key, name text);").expect("a file");
    let plan = scene.folder.path().join("drop");
    let planned = pgphase::plan(&scene.database, &smaller, &plan);
    assert_eq!(planned.code(), Some(pgphase::DIFFERENCE), "{}", planned.said());
    disapprove(&plan);
    let refused = pgphase::apply(&scene.database, &plan, "contract");
    assert_eq!(refused.code(), Some(3), "{}", refused.said());
    assert!(
        refused.said().contains("data-loss:table public.orders"),
        "{}",
        refused.said()
    );
}

fn disapprove(plan: &Path) {
    let file = plan.join("plan.yaml");
    let text = std::fs::read_to_string(&file).expect("the plan");
    std::fs::write(&file, text.replacen("approvals:\n- all\n", "approvals: []\n", 1)).expect("written");
}
