//! A plan of many strategies is cut off along the way, in several ways, and run again until it is done. The judge is `pg_dump`, and
//! a checksum of every row, of a run that nobody disturbed.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use ::pgphase::cluster::{Cluster, find_binaries};

use crate::support::pgphase;
use crate::support::run::{Finished, run};

mod beside;
mod detach;
mod log;
mod midway;
mod place;
mod space;
mod subscriber;
mod wide;

/// Every row counts how often it was written, and what stands in `refused` cannot be.
const COMMON: &str = "
create table refused (id int primary key);
create function count_writes() returns trigger language plpgsql as $$ begin
    if exists (select from refused r where r.id = new.id) then raise exception 'row % is refused', new.id; end if;
    new.writes := old.writes + 1; new.changed := clock_timestamp(); return new;
end $$;
create trigger count_writes before update on users for each row execute function count_writes();
create trigger count_writes before update on orders for each row execute function count_writes();";

const BEFORE: &str = "
create table users (id serial primary key, name varchar(20), email text, fax text, age int, writes int not null default 0, changed timestamptz);
create table orders (id int primary key, user_id int, note text, state text, writes int not null default 0, changed timestamptz);
insert into users (name, email, fax, age) select 'user ' || g, g || '@example.org', 'f', g % 90 from generate_series(1, 5000) g;
insert into orders select g, g, repeat('x', 50), 'new' from generate_series(1, 5000) g;";

const AFTER: &str = "
create table users (id serial primary key, name varchar(80) not null, email text not null unique, age bigint,
    token text not null default md5(random()::text), writes int not null default 0, changed timestamptz, constraint grown check (age >= 0));
create index users_name on users (name);
create table orders (id int primary key, user_id int not null references users (id), note text,
    -- @renamed_from state
    status text, writes int not null default 0, changed timestamptz);
create index orders_user on orders (user_id);
create view old_users as select id, name from users where age > 60;";

const ROWS: &[&str] = &[
    // The token is random: it must be there, and different everywhere.
    "select md5(string_agg(u::text, ',' order by id)) from (select id, name, email, age, writes from users) u",
    "select count(distinct token) from users",
    "select md5(string_agg(o::text, ',' order by id)) from (select id, user_id, note, status, writes from orders) o",
];

const LOST: &[&str] = &[
    "select 5000 - count(*) filter (where token is not null and name is not null and age is not null) from users",
    "select 5000 - count(*) filter (where status is not null and user_id is not null) from orders",
];

/// What a plan leaves behind, and what the journal counted.
const LEFT: &[&str] = &[
    "select count(*) from pg_index where not indisvalid or not indisready",
    "select count(*) from pg_class where relname like 'pgphase%'",
    "select count(*) from pg_type where typname like 'pgphase%'",
    "select count(*) from pg_proc where proname like 'pgphase%'",
    "select count(*) from pg_trigger where tgname like 'pgphase%'",
    "select count(*) from pg_constraint where conname like 'pgphase%' or not convalidated",
    "select count(*) from pgphase.range",
    "select sum(rows) from pgphase.step",
    "select count(*) from pgphase.step where status <> 'done'",
];

const LIMIT: Duration = Duration::from_secs(120);

/// How a run is cut off.
#[derive(Debug, Clone, Copy)]
enum Cut {
    /// The program is killed.
    Program,
    /// Its server sessions are ended.
    Sessions,
    /// A server process is killed: the server ends all sessions and recovers.
    Server,
    /// The whole server ends at once (`pg_ctl restart -m immediate`) and comes back.
    Postmaster,
    /// The disk of its log fills up, on which it ends itself, and it comes back once there is room.
    Log,
}

const CUTS: [(&str, Cut); 4] = [
    ("program", Cut::Program),
    ("sessions", Cut::Sessions),
    ("server", Cut::Server),
    ("postmaster", Cut::Postmaster),
];

/// When, after a number of steps of this run.
#[derive(Debug, Clone, Copy)]
enum When {
    /// As the next step begins.
    Before,
    /// So many milliseconds after that.
    During(u64),
    /// As the last of them is done.
    After,
}

/// What a plan changes, and which queries tell what became of the rows.
struct Story {
    before: String,
    after: String,
    /// How long contract waits between its two parts.
    cool_down: Option<&'static str>,
    /// Whose answers are the same in each run.
    rows: Vec<&'static str>,
    /// How many rows are gone, or without a value that the plan gives them.
    lost: Vec<&'static str>,
    /// Tables whose rows count in `writes` how often they were written.
    counted: &'static [&'static str],
}

struct Scene {
    /// Where the log of the server is, if not in its folder.
    small: Option<space::Small>,
    cluster: Cluster,
    folder: tempfile::TempDir,
    story: Story,
}

impl Scene {
    /// The usual story, short enough for many tests.
    fn new() -> Self {
        Self::of(Story {
            before: format!("{BEFORE}{COMMON}"),
            after: format!("{AFTER}{COMMON}"),
            cool_down: None,
            rows: ROWS.to_vec(),
            lost: LOST.to_vec(),
            counted: &["users", "orders"],
        })
    }

    /// A server with the database `undisturbed`, on which the plan has run, and `base`, on which it has not.
    fn of(story: Story) -> Self {
        let bin = find_binaries().expect("server programs");
        let scene = Self {
            small: None,
            cluster: Cluster::start_with(&bin, &["max_prepared_transactions=5"]).expect("a cluster"),
            folder: tempfile::tempdir().expect("a folder"),
            story,
        };
        scene.ask("postgres", "create database base template template0");
        scene.ask("base", &scene.story.before);
        std::fs::write(scene.folder.path().join("after.sql"), &scene.story.after).expect("the desired file");
        let planned = run(
            pgphase::command()
                .args([
                    "plan",
                    "-d",
                    &scene.cluster.conninfo("base"),
                    "--approve",
                    "all",
                    "--to",
                ])
                .arg(scene.folder.path().join("after.sql"))
                .arg("--out")
                .arg(scene.plan())
                .args(scene.story.cool_down.iter().flat_map(|time| ["--cool-down", time])),
            LIMIT,
        );
        assert_eq!(planned.code(), Some(0), "{}", planned.said());
        scene.copy("undisturbed");
        let mut applied = scene.apply("undisturbed", "all");
        if scene.story.cool_down.is_some() {
            assert_eq!(applied.code(), Some(75), "{}", applied.said());
            std::thread::sleep(Duration::from_secs(2));
            applied = scene.apply("undisturbed", "all");
        }
        assert_eq!(applied.code(), Some(0), "{}", applied.said());
        scene
    }

    fn plan(&self) -> std::path::PathBuf {
        self.folder.path().join("plan")
    }

    fn copy(&self, name: &str) {
        self.ask("postgres", &format!("create database {name} template base"));
    }

    fn ask(&self, database: &str, statements: &str) -> String {
        let mut command = Command::new(self.cluster.program("psql"));
        let connection = self.cluster.conninfo(database);
        command.args(["-XqAt", "-v", "ON_ERROR_STOP=1", "-d", &connection, "-c", statements]);
        let done = run(&mut command, LIMIT);
        assert!(done.status.success(), "{statements}: {}", done.said());
        done.stdout.trim().to_owned()
    }

    fn words(&self, database: &str, phase: &str) -> Command {
        let mut command = pgphase::command();
        let connection = self.cluster.conninfo(database);
        command
            .arg("apply")
            .arg(self.plan())
            .args(["-d", &connection, "--phase", phase, "--yes", "--wait", "20"]);
        command.env("PGPHASE_BATCH_TIME", "0.02").env("PGPHASE_JOBS", "2");
        command
    }

    fn apply(&self, database: &str, phase: &str) -> Finished {
        run(&mut self.words(database, phase), LIMIT)
    }

    /// One run, cut off; true when it ended by itself, being done.
    fn cut_off(&self, database: &str, cut: Cut, when: When, pace: u32) -> bool {
        let said = self.folder.path().join("said");
        let mut child = self
            .words(database, "all")
            .args(["--events", "-", "-q"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&said).expect("a file"))
            .spawn()
            .expect("the program starts");
        let events = BufReader::new(child.stdout.take().expect("its output"));
        let (mut begun, mut done) = (0, 0);
        for line in events.lines().map_while(Result::ok) {
            begun += u32::from(line.contains("\"event\":\"step\""));
            done += u32::from(line.contains("\"event\":\"done\""));
            let now = match when {
                When::After => done == pace,
                When::Before | When::During(_) => begun == pace + 1,
            };
            if !now {
                continue;
            }
            if let When::During(time) = when {
                std::thread::sleep(Duration::from_millis(time));
            }
            self.strike(&mut child, database, cut);
            child.wait().expect("it ends");
            return false;
        }
        // What is not our doing is a failure, but for a server that is not back yet, and a cool-down.
        let code = child.wait().expect("it ends").code();
        let said = std::fs::read_to_string(said).unwrap_or_default();
        assert!(matches!(code, Some(0 | 75)), "{cut:?}: {code:?} {said}");
        code == Some(0)
    }

    fn strike(&self, child: &mut std::process::Child, database: &str, cut: Cut) {
        let sessions = format!("from pg_stat_activity where application_name = 'pgphase' and datname = '{database}'");
        match cut {
            Cut::Program => child.kill().expect("it can be killed"),
            Cut::Sessions => {
                self.ask("postgres", &format!("select pg_terminate_backend(pid) {sessions}"));
            }
            Cut::Server => {
                let pid = self.ask("postgres", &format!("select pid {sessions} limit 1"));
                if !pid.is_empty() {
                    let _ = Command::new("kill").args(["-9", &pid]).status();
                }
                std::thread::sleep(Duration::from_millis(300));
            }
            Cut::Postmaster => self.control("restart", "immediate"),
            Cut::Log => self.fill_log(),
        }
    }

    /// Stops the server, or starts it again with the same settings; `immediate` ends it as a crash does.
    fn control(&self, what: &str, mode: &str) {
        let data = self.cluster.directory().join("data");
        let owner = std::fs::metadata(&data).expect("the data folder");
        let mut command = Command::new(self.cluster.program("pg_ctl"));
        command.args([what, "-w", "-s", "-m", mode, "-D"]).arg(&data);
        command.arg("-l").arg(self.cluster.directory().join("log"));
        command.uid(owner.uid()).gid(owner.gid()).current_dir(&data);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        assert!(command.status().expect("pg_ctl").success());
    }

    /// Cuts off run after run, each after so many steps, until one gets to the end; how many were cut off.
    fn disturb(&self, database: &str, cut: Cut, pace: u32, when: impl Fn(u64) -> When) -> u64 {
        self.copy(database);
        let mut cuts = 0;
        while !self.cut_off(database, cut, when(cuts), pace) {
            cuts += 1;
            assert!(cuts < 300, "{cut:?}: it never ends");
        }
        // It says so again, and nothing differs from a run that was left alone.
        let again = self.apply(database, "all");
        assert_eq!(again.code(), Some(0), "{}", again.said());
        self.compare(database);
        cuts
    }

    fn compare(&self, database: &str) {
        assert_eq!(self.dump(database), self.dump("undisturbed"), "{database}");
        for query in self.story.rows.iter().chain(LEFT) {
            assert_eq!(
                self.ask(database, query),
                self.ask("undisturbed", query),
                "{database}: {query}"
            );
        }
    }

    /// Rows that are gone, or without a value that the plan gives them.
    fn lost(&self, database: &str) -> i64 {
        let queries = self.story.lost.iter();
        queries.map(|query| self.number(database, query)).sum()
    }

    /// Rows that were not written exactly as often as where nothing was cut off.
    fn written_twice(&self, database: &str) -> i64 {
        let tables = self.story.counted.iter();
        tables
            .map(|table| {
                let usual = self.ask("undisturbed", &format!("select max(writes) from {table}"));
                self.number(
                    database,
                    &format!("select count(*) from {table} where writes <> {usual}"),
                )
            })
            .sum()
    }

    fn number(&self, database: &str, query: &str) -> i64 {
        self.ask(database, query).parse().expect("a number")
    }

    fn dump(&self, database: &str) -> String {
        let mut command = Command::new(self.cluster.program("pg_dump"));
        let connection = self.cluster.conninfo(database);
        command.args(["--schema-only", "--exclude-schema=pgphase", "-d", &connection]);
        let dumped = run(&mut command, LIMIT);
        assert!(dumped.status.success(), "{}", dumped.said());
        // Newer dumps carry a random word.
        let lines = dumped
            .stdout
            .lines()
            .filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"));
        lines.collect::<Vec<_>>().join("\n")
    }
}

#[test]
fn cut_off_along_the_way_the_end_is_the_same() {
    let scene = Scene::new();
    let steps: u64 = scene
        .ask("undisturbed", "select count(*) from pgphase.step")
        .parse()
        .expect("a number");
    assert!(steps > 25, "{steps}");
    assert_eq!(scene.ask("undisturbed", "select count(*) from pgphase.range"), "0");
    for (name, cut, pace) in [
        ("program", Cut::Program, 2),
        ("sessions", Cut::Sessions, 5),
        ("server", Cut::Server, 5),
        ("postmaster", Cut::Postmaster, 7),
    ] {
        let cuts = scene.disturb(name, cut, pace, |turn| match turn % 3 {
            0 => When::Before,
            1 => When::During(2 + 7 * (turn % 5)),
            _ => When::After,
        });
        eprintln!("{name}: {cuts} cuts of {steps} steps");
        assert!(cuts >= 4, "{name}: only {cuts}");
    }
}

/// Every way of cutting off at random moments, `PGPHASE_KILLS` times (1,000 when not given): no row is lost, and none is written
/// twice. `PGPHASE_SEED` chooses the moments.
#[test]
#[ignore = "takes many minutes"]
fn cut_off_everywhere_at_any_time_the_end_is_the_same() {
    let number = |name: &str, otherwise| {
        let given = std::env::var(name).ok().and_then(|text| text.parse().ok());
        given.unwrap_or(otherwise)
    };
    let (seed, wanted) = (number("PGPHASE_SEED", 1), number("PGPHASE_KILLS", 1000));
    eprintln!("seed {seed}");
    let scene = Scene::of(wide::story());
    let (mut kills, mut round) = (0, 0);
    while kills < wanted {
        let (name, cut) = CUTS[round as usize % 4];
        let database = format!("{name}_{round}");
        kills += scene.disturb(&database, cut, 1, |turn| {
            // A small generator is random enough for times.
            let number = (seed + round * 1000 + turn)
                .wrapping_mul(6_364_136_223_846_793_005)
                .rotate_left(29);
            match number % 5 {
                0 => When::Before,
                1 => When::After,
                _ => When::During(number / 5 % 60),
            }
        });
        let (lost, twice) = (scene.lost(&database), scene.written_twice(&database));
        eprintln!("{kills} kills, seed {seed}: {lost} rows lost, {twice} rows written twice");
        assert_eq!((lost, twice), (0, 0), "{database}");
        scene.ask(&database, "drop subscription if exists far");
        scene.ask("postgres", &format!("drop database {database} with (force)"));
        round += 1;
    }
}

#[test]
fn a_duplicate_between_the_check_and_the_unique_index_is_told_and_leaves_nothing() {
    let scene = Scene::new();
    scene.copy("duplicate");
    for phase in ["expand", "backfill"] {
        let applied = scene.apply("duplicate", phase);
        assert_eq!(applied.code(), Some(0), "{}", applied.said());
    }
    std::thread::scope(|scope| {
        // The check does not see it yet, the build waits for it.
        scope.spawn(|| {
            let insert = "begin; insert into users (name, email, age) values ('twice', '7@example.org', 1); select pg_sleep(6); commit";
            scene.ask("duplicate", insert);
        });
        std::thread::sleep(Duration::from_millis(500));
        let failed = scene.apply("duplicate", "validate");
        assert!(matches!(failed.code(), Some(1 | 5)), "{}", failed.said());
        assert!(failed.said().contains("7@example.org"), "{}", failed.said());
    });
    assert_eq!(
        scene.ask("duplicate", "select count(*) from pg_index where not indisvalid"),
        "0"
    );
    scene.ask("duplicate", "delete from users where name = 'twice'");
    let applied = scene.apply("duplicate", "all");
    assert_eq!(applied.code(), Some(0), "{}", applied.said());
    scene.ask("undisturbed", "select nextval('users_id_seq')");
    scene.compare("duplicate");
}
