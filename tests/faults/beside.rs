//! What others do while a plan runs: old snapshots, prepared transactions, a backup, rows that break a rule, a column that comes in
//! between, a trigger that refuses, a wire that breaks. Afterwards the end is that of a run that nobody disturbed.

use std::io::Read;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::{BEFORE, COMMON, LIMIT, Scene};
use crate::support::pgphase;
use crate::support::run::{Finished, run};

/// One server for all of them: none ends it.
pub(super) fn scene() -> &'static Scene {
    static SCENE: OnceLock<Scene> = OnceLock::new();
    SCENE.get_or_init(Scene::new)
}

fn prepared(database: &str) -> &'static Scene {
    let scene = scene();
    scene.copy(database);
    scene
}

#[track_caller]
pub(super) fn ok(finished: &Finished) {
    assert_eq!(finished.code(), Some(0), "{}", finished.said());
}

pub(super) fn until(scene: &Scene, database: &str, condition: &str) {
    let started = Instant::now();
    while scene.ask(database, condition) != "t" {
        assert!(started.elapsed() < Duration::from_secs(60), "never: {condition}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

const BUILDING: &str = "select exists (select from pg_stat_activity where query ilike '%create%index concurrently%' \
    and wait_event_type = 'Lock' and pid <> pg_backend_pid() and datname = current_database())";

/// The build waits for both, names both before it begins, and is done when they are.
#[test]
fn beside_a_prepared_transaction_and_an_old_snapshot() {
    let scene = prepared("beside");
    let tables = BEFORE.lines().filter(|line| !line.starts_with("insert"));
    let after = tables.chain([COMMON, "create index orders_state on orders (state);"]);
    let (file, plan) = (scene.folder.path().join("index.sql"), scene.folder.path().join("index"));
    std::fs::write(&file, after.collect::<Vec<_>>().join("\n")).expect("the desired file");
    let call = |words: &[&str]| {
        let mut command = pgphase::command();
        command.args(words).args(["-d", &scene.cluster.conninfo("beside")]);
        run(&mut command, LIMIT)
    };
    let path = |path: &std::path::Path| path.to_str().expect("a path").to_owned();
    ok(&call(&["plan", "--to", &path(&file), "--out", &path(&plan)]));
    scene.ask(
        "beside",
        "begin; insert into orders (id, user_id) values (9001, 1); prepare transaction 'forgotten'",
    );
    std::thread::scope(|scope| {
        let snapshot = "begin isolation level repeatable read; select count(*) from users; select pg_sleep(9); commit";
        scope.spawn(|| scene.ask("beside", snapshot));
        std::thread::sleep(Duration::from_millis(5500));
        let applied = scope.spawn(|| call(&["apply", &path(&plan), "--phase", "all", "--yes"]));
        until(scene, "beside", BUILDING);
        scene.ask("beside", "rollback prepared 'forgotten'");
        let applied = applied.join().expect("it ends");
        ok(&applied);
        for part in ["a prepared transaction", "select pg_sleep(9)"] {
            assert!(applied.stderr.contains(part), "{part}: {}", applied.stderr);
        }
    });
    let valid = "select indisvalid and indisready from pg_index where indexrelid = 'orders_state'::regclass";
    assert_eq!(scene.ask("beside", valid), "t");
    let drift = call(&["drift", "--to", &path(&file)]);
    ok(&drift);
}

/// A backfill goes on, and says why the table grows and the log stays.
#[test]
fn who_keeps_dead_rows_is_named_before_a_backfill() {
    let scene = prepared("kept");
    ok(&scene.apply("kept", "expand"));
    scene.ask("kept", "select pg_create_physical_replication_slot('nobody', true)");
    std::thread::scope(|scope| {
        let snapshot = "begin isolation level repeatable read; select count(*) from users; select pg_sleep(10); commit";
        scope.spawn(|| scene.ask("kept", snapshot));
        std::thread::sleep(Duration::from_millis(5500));
        let applied = scene.apply("kept", "backfill");
        ok(&applied);
        for part in [
            "dead rows stay in the tables until the end of the transaction of pid",
            "nobody reads replication slot nobody: the log stays on the disk",
        ] {
            assert!(applied.stderr.contains(part), "{part}: {}", applied.stderr);
        }
    });
    scene.ask("kept", "select pg_drop_replication_slot('nobody')");
    ok(&scene.apply("kept", "all"));
    scene.compare("kept");
}

/// A backup holds a snapshot, and a weak lock on every table, for as long as it takes.
#[test]
fn beside_a_backup() {
    let scene = prepared("backup");
    ok(&scene.apply("backup", "expand"));
    let mut backup = Command::new(scene.cluster.program("pg_dump"))
        .args([
            "--data-only",
            "--exclude-schema=pgphase",
            "-d",
            &scene.cluster.conninfo("backup"),
        ])
        .stdout(Stdio::piped())
        .spawn()
        .expect("pg_dump");
    // Nobody takes what it writes, so it stands still while the server sends a table.
    let stuck = "select exists (select from pg_stat_activity where application_name = 'pg_dump' and wait_event = 'ClientWrite')";
    until(scene, "backup", stuck);
    let applied = std::thread::scope(|scope| {
        let applied = scope.spawn(|| scene.apply("backup", "all"));
        std::thread::sleep(Duration::from_secs(3));
        assert_eq!(
            scene.ask("backup", "select count(*) from pgphase.step where phase = 'contract'"),
            "0"
        );
        let mut text = String::new();
        let mut out = backup.stdout.take().expect("its output");
        out.read_to_string(&mut text).expect("text");
        assert!(backup.wait().expect("it ends").success());
        assert_eq!(text.lines().filter(|line| line.contains("@example.org")).count(), 5000);
        applied.join().expect("it ends")
    });
    ok(&applied);
    scene.compare("backup");
}

/// An orphan that is not committed when the rows are looked at.
#[test]
fn an_orphan_between_the_check_and_the_constraint_is_told_and_leaves_nothing() {
    let scene = prepared("orphan");
    for phase in ["expand", "backfill"] {
        ok(&scene.apply("orphan", phase));
    }
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let insert =
                "begin; insert into orders (id, user_id, status) values (9001, 77777, 'x'); select pg_sleep(5); commit";
            scene.ask("orphan", insert);
        });
        std::thread::sleep(Duration::from_millis(500));
        let failed = scene.apply("orphan", "validate");
        assert!(matches!(failed.code(), Some(1 | 5)), "{}", failed.said());
        assert!(failed.said().contains("77777"), "{}", failed.said());
    });
    scene.ask("orphan", "delete from orders where id = 9001");
    ok(&scene.apply("orphan", "all"));
    scene.compare("orphan");
}

#[test]
fn a_column_that_somebody_adds_in_between_makes_the_plan_stale() {
    let scene = prepared("stale");
    for (phase, next) in [
        ("expand", "backfill"),
        ("backfill", "validate"),
        ("validate", "contract"),
    ] {
        ok(&scene.apply("stale", phase));
        scene.ask("stale", "alter table orders add column extra int");
        let stale = scene.apply("stale", next);
        assert_eq!(stale.code(), Some(4), "{}", stale.said());
        assert!(stale.said().contains("public.orders.extra is new"), "{}", stale.said());
        scene.ask("stale", "alter table orders drop column extra");
    }
    ok(&scene.apply("stale", "contract"));
    scene.compare("stale");
}

/// The batches before the row stay, nothing of its batch does, and the next run writes only what is left.
#[test]
fn a_trigger_that_refuses_a_row_stops_the_backfill_there() {
    let scene = prepared("refused");
    scene.ask("refused", "insert into refused values (4321)");
    let failed = scene.apply("refused", "all");
    assert_eq!(failed.code(), Some(5), "{}", failed.said());
    assert!(failed.said().contains("row 4321 is refused"), "{}", failed.said());
    let again = scene.apply("refused", "all");
    assert_eq!(again.code(), Some(5), "{}", again.said());
    scene.ask("refused", "delete from refused");
    ok(&scene.apply("refused", "all"));
    scene.compare("refused");
    assert_eq!((scene.lost("refused"), scene.written_twice("refused")), (0, 0));
}

/// Two at once, again and again: one works, the other one is told or goes on behind it.
#[test]
fn of_two_runs_at_once_no_step_runs_twice() {
    let scene = prepared("twice");
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..2).map(|_| scope.spawn(|| scene.apply("twice", "all"))).collect();
        for finished in runs {
            ok(&finished.join().expect("it ends"));
        }
    });
    scene.compare("twice");
    assert_eq!(scene.written_twice("twice"), 0);
}

/// A wire between the program and the server that can be cut.
struct Wire {
    port: u16,
    ends: Arc<Mutex<Vec<(TcpStream, UnixStream)>>>,
    stop: Arc<AtomicBool>,
}

impl Wire {
    fn new(socket: std::path::PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let wire = Self {
            port: listener.local_addr().expect("its address").port(),
            ends: Arc::default(),
            stop: Arc::default(),
        };
        let (ends, stop) = (Arc::clone(&wire.ends), Arc::clone(&wire.stop));
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let Ok(server) = UnixStream::connect(&socket) else {
                    return;
                };
                let (mut from, mut to) = (client.try_clone().expect("a copy"), server.try_clone().expect("a copy"));
                std::thread::spawn(move || std::io::copy(&mut from, &mut to));
                let (mut from, mut to) = (server.try_clone().expect("a copy"), client.try_clone().expect("a copy"));
                std::thread::spawn(move || std::io::copy(&mut from, &mut to));
                ends.lock().expect("the ends").push((client, server));
            }
        });
        wire
    }

    /// Waits until somebody uses it.
    fn wait(&self) {
        while self.ends.lock().expect("the ends").is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Both ends find the connection closed.
    fn cut(&self) {
        for (client, server) in self.ends.lock().expect("the ends").drain(..) {
            let _ = client.shutdown(Shutdown::Both);
            let _ = server.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

#[test]
fn a_wire_that_is_cut_is_told_and_the_next_run_goes_on() {
    let scene = prepared("wire");
    let wire = Wire::new(scene.cluster.directory().join(".s.PGSQL.5432"));
    let connection = format!(
        "host=127.0.0.1 port={} user=postgres dbname=wire sslmode=disable",
        wire.port
    );
    let mut cuts = 0;
    for turn in 0..40 {
        let mut command = pgphase::command();
        command.arg("apply").arg(scene.plan());
        command.args(["-d", &connection, "--phase", "all", "--yes", "--wait", "20"]);
        command.env("PGPHASE_BATCH_TIME", "0.02");
        let cut = AtomicBool::new(false);
        // What a run that was cut off opened behind that says nothing about this one.
        wire.ends.lock().expect("the ends").clear();
        let finished = std::thread::scope(|scope| {
            scope.spawn(|| {
                wire.wait();
                std::thread::sleep(Duration::from_millis(50 + 100 * turn));
                cut.store(true, Ordering::Relaxed);
                wire.cut();
            });
            run(&mut command, LIMIT)
        });
        if finished.code() == Some(0) {
            break;
        }
        assert!(cut.load(Ordering::Relaxed), "{}", finished.said());
        assert!(
            matches!(finished.code(), Some(5 | 75)),
            "{:?} {}",
            finished.code(),
            finished.said()
        );
        cuts += 1;
    }
    assert!(cuts >= 2, "only {cuts} cuts");
    ok(&scene.apply("wire", "all"));
    scene.compare("wire");
    assert_eq!((scene.lost("wire"), scene.written_twice("wire")), (0, 0));
}
