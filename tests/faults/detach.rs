//! `DETACH PARTITION ... CONCURRENTLY` is cut off between its two transactions: the partition is neither in nor out.

use super::LIMIT;
use super::beside::{ok, until};
use super::place::Place;
use crate::support::run::run;

const TABLES: &str = "create table days (day date not null, note text, primary key (day)) partition by range (day);
create table days_26 partition of days for values from ('2026-01-01') to ('2027-01-01');";
const IN: &str = "create table days_25 partition of days for values from ('2025-01-01') to ('2026-01-01');";
const OUT: &str = "create table days_25 (day date not null, note text, constraint days_25_pkey primary key (day));";
const ROWS: &str = "insert into days select date '2025-01-01' + g, 'note' from generate_series(0, 600) g";

const WAITING: &str = "select exists (select from pg_stat_activity where query ilike '%detach partition%' \
    and wait_event_type = 'Lock' and pid <> pg_backend_pid() and datname = current_database())";
const KILL: &str = "select pg_terminate_backend(pid) from pg_stat_activity where query ilike '%detach partition%' \
    and pid <> pg_backend_pid() and datname = current_database()";
const PENDING: &str =
    "select coalesce(bool_or(inhdetachpending), false) from pg_inherits where inhrelid = 'days_25'::regclass";

/// A database with a partition that leaves, and the plan of that, applied up to contract.
struct Detaching(Place);

impl Detaching {
    fn new(database: &'static str) -> Self {
        let own = Self(Place::new(database, &format!("{TABLES} {IN} {ROWS}")));
        for (name, text) in [("in.sql", IN), ("out.sql", OUT)] {
            own.0.write(name, &format!("{TABLES}\n{text}\n"));
        }
        ok(&own.0.plan("out.sql"));
        own
    }

    /// Kills the session of a run while its DETACH waits for a transaction that has read the parent.
    fn cut_off(&self) {
        std::thread::scope(|scope| {
            let snapshot =
                "begin isolation level repeatable read; select count(*) from days; select pg_sleep(600); commit";
            let reader = format!("set application_name = 'reader'; {snapshot}");
            scope.spawn(move || {
                let mut command = std::process::Command::new(self.0.scene.cluster.program("psql"));
                let connection = self.0.scene.cluster.conninfo(self.0.database);
                command.args(["-XqAt", "-d", &connection, "-c", &reader]);
                run(&mut command, LIMIT)
            });
            until(
                self.0.scene,
                self.0.database,
                "select exists (select from pg_stat_activity where application_name = 'reader' and wait_event = 'PgSleep' \
                    and datname = current_database())",
            );
            let applied = scope.spawn(|| self.0.apply("all"));
            until(self.0.scene, self.0.database, WAITING);
            assert_eq!(self.0.ask(PENDING), "t");
            self.0.ask(KILL);
            let applied = applied.join().expect("it ends");
            assert!(matches!(applied.code(), Some(5 | 75)), "{}", applied.said());
            self.0.ask("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'reader' and datname = current_database()");
        });
        assert_eq!(self.0.ask(PENDING), "t");
    }

    fn is_as(&self, name: &str, rows_through_parent: &str) {
        ok(&self.0.call(&["drift", "--to", &self.0.path(name)]));
        assert_eq!(self.0.ask("select count(*) from days"), rows_through_parent);
        assert_eq!(self.0.ask("select count(*) from days_25"), "365");
    }
}

/// Half out is in sync with neither, and the next run ends it.
#[test]
fn a_detachment_that_was_cut_off_is_told_and_ended_by_the_next_run() {
    let detaching = Detaching::new("detach_on");
    detaching.cut_off();
    for name in ["in.sql", "out.sql"] {
        let drift = detaching.0.call(&["drift", "--to", &detaching.0.path(name)]);
        assert_eq!(drift.code(), Some(2), "{name}: {}", drift.said());
    }
    ok(&detaching.0.apply("all"));
    assert_eq!(detaching.0.ask(PENDING), "f");
    detaching.is_as("out.sql", "236");
}

/// The way back ends it too, and attaches the table again.
#[test]
fn a_detachment_that_was_cut_off_is_undone() {
    let detaching = Detaching::new("detach_back");
    detaching.cut_off();
    ok(&detaching
        .0
        .call(&["rollback", &detaching.0.path("plan"), "--to", "start", "--yes"]));
    detaching.is_as("in.sql", "601");
}

/// Somebody else's, or one whose plan is gone: a new plan goes on from there, to either side.
#[test]
fn a_detachment_that_nobody_ended_is_planned_from() {
    for (database, name, rows) in [("detach_new", "out.sql", "236"), ("detach_again", "in.sql", "601")] {
        let detaching = Detaching::new(database);
        detaching.cut_off();
        ok(&detaching
            .0
            .call(&["abandon", &detaching.0.path("plan"), "--keep", "--yes"]));
        let plan = &detaching.0.path("second");
        ok(&detaching.0.call(&[
            "plan",
            "--to",
            &detaching.0.path(name),
            "--out",
            plan,
            "--approve",
            "all",
        ]));
        ok(&detaching.0.call(&["apply", plan, "--phase", "all", "--yes"]));
        detaching.is_as(name, rows);
    }
}
