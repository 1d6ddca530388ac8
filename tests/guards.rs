//! What holds contract up: its time, and each sign of the old application, both ways; and what passes it.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ::pgphase::cluster::{Cluster, find_binaries};

use crate::support::database::{Database, cluster, create_role};
use crate::support::pgphase;
use crate::support::run::{Finished, run};

mod preflight;

const LIMIT: Duration = Duration::from_secs(120);
const REFUSED: i32 = 3;

const BEFORE: &str = "create table users (id int primary key, name text default 'nobody', fax text);
    insert into users select g, 'user ' || g, 'f' from generate_series(1, 100) g;";

/// Says a column that goes.
const ROUTINE: &str = "create or replace function faxes() returns text language sql as 'select max(fax) from users'";

/// A renamed column and one that goes.
const AFTER: &str = "create table users (id int primary key,
    -- @renamed_from name
    full_name text default 'nobody');";

struct Scene {
    connection: String,
    psql: PathBuf,
    folder: tempfile::TempDir,
    /// Dropped with the scene.
    _database: Option<Database>,
}

impl Scene {
    /// A database of the shared cluster with a plan.
    fn new() -> Self {
        let database = Database::new();
        let psql = cluster().program("psql");
        let connection = database.conninfo();
        Self::with(connection, psql, Some(database), "")
    }

    fn with(connection: String, psql: PathBuf, database: Option<Database>, config: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("after.sql"), AFTER).expect("the desired file");
        std::fs::write(folder.path().join("pgphase.yaml"), config).expect("the configuration");
        let scene = Self {
            connection,
            psql,
            folder,
            _database: database,
        };
        scene.ask(BEFORE);
        let planned = scene.run(&["plan", "--approve", "all", "--to", "after.sql", "--out", "plan"]);
        assert_eq!(planned.code(), Some(0), "{}", planned.said());
        scene
    }

    /// With a routine that the files keep, before contract.
    fn with_routine() -> Self {
        let scene = Self::new();
        scene.ask(ROUTINE);
        std::fs::write(scene.folder.path().join("after.sql"), format!("{AFTER} {ROUTINE};")).expect("the desired file");
        let plan = ["plan", "--to", "after.sql", "--out", "plan", "--replace"];
        let hazard =
            "HAZARD breaks-old-application:function public.faxes(): The body of function public.faxes() says column";
        let planned = scene.run(&plan);
        let said: Vec<&str> = planned.stdout.split_whitespace().collect();
        assert!(said.join(" ").contains(hazard), "{}", planned.said());
        let approved = scene.run(&[&plan[..], &["--approve", "all"]].concat());
        assert_eq!(approved.code(), Some(0), "{}", approved.said());
        scene.before_contract()
    }

    /// Everything before contract has run.
    fn before_contract(self) -> Self {
        for phase in ["expand", "backfill", "validate"] {
            let applied = self.apply(phase, &[]);
            assert_eq!(applied.code(), Some(0), "{}", applied.said());
        }
        self
    }

    fn configure(&self, text: &str) {
        std::fs::write(self.folder.path().join("pgphase.yaml"), text).expect("the configuration");
    }

    fn run(&self, words: &[&str]) -> Finished {
        let mut command = pgphase::command();
        command
            .current_dir(self.folder.path())
            .args(words)
            .args(["-d", &self.connection]);
        run(&mut command, LIMIT)
    }

    fn apply(&self, phase: &str, more: &[&str]) -> Finished {
        let words = [&["apply", "plan", "--phase", phase, "--yes"], more].concat();
        self.run(&words)
    }

    #[track_caller]
    fn refused(&self, more: &[&str], because: &str) {
        let refused = self.apply("contract", more);
        assert_eq!(refused.code(), Some(REFUSED), "{}", refused.said());
        assert!(refused.said().contains(because), "{}", refused.said());
        assert_eq!(
            self.ask("select count(*) from pgphase.step where phase = 'contract'"),
            "0"
        );
    }

    #[track_caller]
    fn passes(&self, more: &[&str]) {
        let applied = self.apply("contract", more);
        assert_eq!(applied.code(), Some(0), "{}", applied.said());
        assert_eq!(
            self.ask("select count(*) from pg_class where relname like 'pgphase%'"),
            "0"
        );
    }

    fn psql(&self) -> Command {
        let mut command = Command::new(&self.psql);
        command.args(["-XqAt", "-v", "ON_ERROR_STOP=1", "-d", &self.connection]);
        command
    }

    #[track_caller]
    fn ask(&self, statements: &str) -> String {
        let done = run(self.psql().args(["-c", statements]), LIMIT);
        assert!(done.status.success(), "{statements}: {}", done.said());
        done.stdout.trim().to_owned()
    }
}

/// A session of an application that stays open.
struct Application(Child);

impl Application {
    fn start(scene: &Scene, name: &str) -> Self {
        let child = scene
            .psql()
            .env("PGAPPNAME", name)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("psql");
        let there = format!("select count(*) from pg_stat_activity where application_name = '{name}'");
        while scene.ask(&there) == "0" {
            std::thread::sleep(Duration::from_millis(20));
        }
        Self(child)
    }

    fn end(mut self, scene: &Scene) {
        self.0.kill().expect("it ends");
        self.0.wait().expect("it ends");
        let there =
            "select count(*) from pg_stat_activity where application_name = 'shop' and datname = current_database()";
        while scene.ask(there) != "0" {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn contract_waits_for_its_time() {
    let scene = Scene::new().before_contract();
    scene.refused(&["--contract-after", "24h"], "contract_after asks for 24h");
    scene.configure("policy: {contract_after: 2d, quiet: 1s}");
    scene.refused(&[], "contract_after asks for 48h");
    // The command line goes before the configuration.
    std::thread::sleep(Duration::from_millis(2100));
    scene.passes(&["--contract-after", "2s"]);
}

/// Where nothing comes before contract the time begins with the first word of it, and not for a plan that was rolled back.
#[test]
fn time_begins_also_where_nothing_comes_before_contract() {
    let scene = Scene::new();
    std::fs::write(
        scene.folder.path().join("after.sql"),
        "create table users (id int primary key, name text default 'nobody');",
    )
    .expect("the desired file");
    let planned = scene.run(&["plan", "--approve", "all", "--to", "after.sql", "--out", "drop"]);
    assert_eq!(planned.code(), Some(0), "{}", planned.said());
    let apply = |phase: &str| scene.run(&["apply", "drop", "--phase", phase, "--yes", "--contract-after", "2s"]);
    assert_eq!(apply("validate").code(), Some(0));
    let refused = apply("contract");
    assert_eq!(refused.code(), Some(REFUSED), "{}", refused.said());
    std::thread::sleep(Duration::from_millis(2100));
    let applied = apply("contract");
    assert_eq!(applied.code(), Some(0), "{}", applied.said());
}

#[test]
fn writes_under_the_old_name_are_seen() {
    let scene = Scene::new().before_contract();
    let seen = "select last_value from pgphase_users_name_old where is_called";
    // What the new application does, and what nobody named, leaves no sign.
    scene.ask("insert into users (id, full_name) values (1001, 'x'); insert into users (id) values (1002)");
    scene.ask("update users set full_name = 'y' where id = 1; update users set full_name = full_name, fax = 'z'; delete from users where id = 2");
    assert_eq!(scene.ask(seen), "");
    for statement in [
        "insert into users (id, name) values (1003, 'x')",
        "update users set name = 'x' where id = 3",
        "insert into users (id, name) values (3, 'z') on conflict (id) do update set name = excluded.name",
        "begin; update users set name = 'y' where id = 4; rollback",
    ] {
        scene.ask("select setval('pgphase_users_name_old', 1)");
        scene.ask(statement);
        let age =
            "select extract(epoch from clock_timestamp()) - last_value between 0 and 10 from pgphase_users_name_old";
        assert_eq!(scene.ask(age), "t", "{statement}");
    }
    scene.refused(&[], "somebody wrote under an old name");
    scene.configure("policy: {quiet: 2s}");
    std::thread::sleep(Duration::from_millis(2100));
    scene.passes(&[]);
}

/// Every role that may write the table leaves the sign, and none is refused because of it.
#[test]
fn roles_without_rights_leave_the_sign_or_nothing() {
    create_role("pgphase_guard_app");
    create_role("pgphase_guard_view");
    let scene = Scene::new();
    scene.ask("create schema app; grant usage on schema app to pgphase_guard_app, pgphase_guard_view");
    scene.ask("grant insert, update, select on users to pgphase_guard_app");
    scene.ask("create view app.people as select id, name from users; grant select, insert, update on app.people to pgphase_guard_view");
    scene.ask("revoke usage on schema public from public; grant usage on schema public to pgphase_guard_app");
    scene.ask("alter default privileges grant select on sequences to pgphase_guard_view");
    scene.configure("namespaces: [public]");
    let planned = scene.run(&["plan", "--approve", "all", "--to", "after.sql", "--out", "again"]);
    assert_eq!(planned.code(), Some(0), "{}", planned.said());
    let applied = scene.run(&["apply", "again", "--phase", "expand", "--yes"]);
    assert_eq!(applied.code(), Some(0), "{}", applied.said());
    let seen = "select is_called from pgphase_users_name_old";
    scene.ask("set role pgphase_guard_view; update app.people set name = 'v' where id = 1");
    assert_eq!(scene.ask("select full_name from users where id = 1"), "v");
    assert_eq!(scene.ask(seen), "f");
    scene.ask("set role pgphase_guard_app; update users set name = 'a' where id = 1");
    assert_eq!(scene.ask(seen), "t");
}

/// The phase files alone bring the sign along.
#[test]
fn the_sign_needs_no_journal() {
    let scene = Scene::new();
    let file = scene.folder.path().join("plan/1-expand.sql");
    let done = run(scene.psql().arg("-f").arg(&file), LIMIT);
    assert!(done.status.success(), "{}", done.said());
    assert_eq!(scene.ask("select to_regnamespace('pgphase') is null"), "t");
    scene.ask("update users set name = 'x' where id = 3");
    assert_eq!(scene.ask("select is_called from pgphase_users_name_old"), "t");
}

#[test]
fn what_still_says_an_old_name_is_seen() {
    let scene = Scene::new();
    scene.configure("namespaces: [public]");
    let scene = scene.before_contract();
    for (make, because, drop) in [
        (
            "create schema reports; create view reports.faxes as select fax from public.users",
            "view reports.faxes needs public.users.fax",
            "drop schema reports cascade",
        ),
        (
            "create schema jobs; create function jobs.send() returns text language sql as 'select max(fax) from public.users'",
            "the body of routine jobs.send says public.users.fax",
            "drop schema jobs cascade",
        ),
        (
            "create schema jobs; create function jobs.first() returns text language sql begin atomic select min(name) from public.users; end",
            "routine jobs.first needs public.users.name",
            "drop schema jobs cascade",
        ),
    ] {
        scene.ask(make);
        scene.refused(&[], because);
        scene.ask(drop);
    }
    // A word of another table is none of its.
    scene.ask("create schema other; create table other.machines (fax text)");
    scene.ask("create function other.any() returns text language sql as 'select max(fax) from other.machines'");
    scene.passes(&[]);
}

#[test]
fn sessions_from_before_are_seen() {
    let scene = Scene::new();
    let (old, tool) = (Application::start(&scene, "shop"), Application::start(&scene, "psql"));
    let scene = scene.before_contract();
    // Behind expand it may be the new one.
    let new = Application::start(&scene, "shop 2");
    scene.refused(&[], "sessions of application shop, user postgres");
    scene.configure("policy: {tools: ['sh*']}");
    scene.refused(&[], "sessions of application psql, user postgres");
    scene.configure("");
    old.end(&scene);
    scene.passes(&[]);
    for mut application in [new.0, tool.0] {
        application.kill().expect("it ends");
        application.wait().expect("it ends");
    }
}

#[test]
fn statements_that_name_old_columns_are_seen() {
    let bin = find_binaries().expect("server programs");
    let Ok(cluster) = Cluster::start_with(&bin, &["shared_preload_libraries=pg_stat_statements"]) else {
        eprintln!("skipped: this server has no pg_stat_statements");
        return;
    };
    let psql = cluster.program("psql");
    run(
        Command::new(&psql).args([
            "-Xd",
            &cluster.conninfo("postgres"),
            "-c",
            "create extension pg_stat_statements",
        ]),
        LIMIT,
    );
    let scene = Scene::with(cluster.conninfo("postgres"), psql, None, "policy: {quiet: 3s}");
    scene.ask("select max(fax) from users");
    let scene = scene.before_contract();
    // A backup reads every column by its name, and other tables have a column of that name.
    scene.ask("copy public.users (id, name, fax) to stdout");
    scene.ask("create table machines (fax text); select max(fax) from machines; drop table machines");
    let plain = scene.apply("contract", &["--contract-after", "1h"]);
    assert!(!plain.said().contains("a statement of user"), "{}", plain.said());
    scene.ask("select max(fax) from users");
    let because =
        "a statement of user postgres that names public.users.fax has been called: select max(fax) from users";
    scene.refused(&[], because);
    scene.refused(&[], because);
    std::thread::sleep(Duration::from_millis(3200));
    scene.passes(&[]);
}

#[test]
fn a_reason_passes_and_is_written_down() {
    let scene = Scene::new().before_contract();
    scene.ask("update users set name = 'x' where id = 3");
    for nothing in [" ", "writes=", "write=Ida saw it"] {
        let usage = scene.apply("contract", &["--force", nothing]);
        assert_eq!(usage.code(), Some(64), "{}", usage.said());
    }
    scene.passes(&["--contract-after", "1h", "--force", "the old shop is gone, told by Ida"]);
    let status = scene.run(&["status"]);
    for part in [
        "contract forced",
        "the old shop is gone, told by Ida",
        "contract_after asks for 1h",
        "somebody wrote under an old name",
    ] {
        assert!(status.stdout.contains(part), "{part}: {}", status.said());
    }
    let json = scene.run(&["status", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    let reason = json["plans"][0]["forced"][0]["reason"].as_str().expect("a reason");
    assert!(reason.starts_with("the old shop is gone"), "{reason}");
}

/// The refusal says how to pass what stands there, and no more than that is passed.
#[test]
fn one_guard_is_passed_by_its_name() {
    let scene = Scene::new().before_contract();
    scene.ask("update users set name = 'x' where id = 3");
    let both = "--force contract_after=REASON --force writes=REASON runs it now";
    scene.refused(&["--contract-after", "1h"], both);
    let words = ["--contract-after", "1h", "--force", "writes=Ida tried it out"];
    scene.refused(&words, "; --force contract_after=REASON runs it now");
    let said = scene.apply("contract", &words).said();
    assert!(
        !said.contains("somebody wrote") && !said.contains("passed by"),
        "{said}"
    );
    // One that nothing stands at is not written down.
    let other = [
        "--force",
        "contract_after=it is Friday",
        "--force",
        "sessions=none are left",
    ];
    scene.passes(&[&words[..], &other[..]].concat());
    let json: serde_json::Value =
        serde_json::from_str(&scene.run(&["status", "--format", "json"]).stdout).expect("JSON");
    let forced = json["plans"][0]["forced"].as_array().expect("a list");
    let mut reasons: Vec<&str> = forced.iter().filter_map(|forced| forced["reason"].as_str()).collect();
    reasons.sort();
    assert_eq!(reasons.len(), 2, "{reasons:?}");
    for (reason, parts) in reasons.iter().zip([
        ["contract_after: it is Friday; passed: ", "asks for 1h"],
        ["writes: Ida tried it out; passed: ", "somebody wrote"],
    ]) {
        assert!(reason.starts_with(parts[0]) && reason.contains(parts[1]), "{reason}");
    }
}

/// What the plan told of a routine was approved with it, as long as its body is the same.
#[test]
fn a_routine_whose_body_the_plan_told_of_stops_nothing() {
    let scene = Scene::with_routine();
    scene.ask("create or replace function faxes() returns text language sql as 'select min(fax) from users'");
    scene.refused(&[], "the body of routine public.faxes says public.users.fax");
    scene.ask(ROUTINE);
    scene.passes(&[]);
}
