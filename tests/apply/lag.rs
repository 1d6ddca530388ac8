//! A backfill rests while a standby or a logical slot is behind: a real one of each.

use std::process::{Command, Stdio};
use std::time::Duration;

use pgphase::apply::backfill::Settings;
use pgphase::apply::{ApplyError, Options, Outcome};
use pgphase::cluster::{Cluster, find_binaries};
use pgphase::plan::Phase;

use super::folder::{backfill, folder};
use super::{apply_at, options, target_of};

const ROWS: &str = "create table t (id int, b text); insert into t select g, null from generate_series(1, 60000) g";

/// What a statement answers.
pub(super) fn psql(cluster: &Cluster, statement: &str) -> String {
    let output = Command::new(cluster.program("psql"))
        .args(["-XqAt", "-c", statement, "-d", &cluster.conninfo("postgres")])
        .output()
        .expect("psql");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn until(cluster: &Cluster, condition: &str) {
    for _ in 0..300 {
        if psql(cluster, condition) == "t" {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("never: {condition}");
}

/// Fills the table while a reader of the log stands still for four seconds; what was heard.
fn fill(primary: &Cluster, go_on: impl FnOnce() + Send) -> (Result<Outcome, ApplyError>, Vec<String>) {
    let careful = Options {
        backfill: Settings {
            max_lag: 1.0,
            batch_time: 0.02,
            duty: 0.1,
            ..Settings::default()
        },
        ..options(&Phase::ALL)
    };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_secs(4));
            go_on();
        });
        apply_at(
            &target_of(&primary.conninfo("postgres")),
            &folder(&[backfill("backfill-1")]),
            &careful,
        )
    })
}

#[test]
fn it_rests_while_a_standby_is_behind() {
    let bin = find_binaries().expect("server programs");
    let primary = Cluster::start_with(&bin, &["wal_level=replica"]).expect("a primary");
    let Ok(standby) = primary.start_standby(&[]) else {
        eprintln!("skipped: no pg_basebackup for this server");
        return;
    };
    psql(&primary, ROWS);
    until(
        &primary,
        "select count(*) = 1 from pg_stat_replication where state = 'streaming'",
    );
    psql(&standby, "select pg_wal_replay_pause()");
    let (done, heard) = fill(&primary, || {
        psql(&standby, "select pg_wal_replay_resume()");
    });
    assert!(done.is_ok(), "{done:?} {heard:?}");
    assert!(
        heard
            .iter()
            .any(|line| line.starts_with("rests backfill-1: standby ") && line.contains(" is behind: ")),
        "{heard:?}"
    );
    assert_eq!(psql(&primary, "select count(*) from t where b is null"), "0");
    until(&standby, "select count(*) = 0 from t where b is null");
}

#[test]
fn it_rests_while_a_logical_slot_is_behind() {
    let bin = find_binaries().expect("server programs");
    let primary = Cluster::start_with(&bin, &["wal_level=logical"]).expect("a primary");
    psql(&primary, ROWS);
    psql(
        &primary,
        "select pg_create_logical_replication_slot('reader', 'pgoutput')",
    );
    psql(
        &primary,
        "alter table t replica identity full; create publication every_table for all tables",
    );
    let reader = Command::new(primary.program("pg_recvlogical"))
        .args([
            "--start",
            "-S",
            "reader",
            "-f",
            "/dev/null",
            "-d",
            &primary.conninfo("postgres"),
        ])
        .args([
            "-o",
            "proto_version=1",
            "-o",
            "publication_names=every_table",
            "-s",
            "1",
            // It confirms what it has flushed.
            "-F",
            "1",
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut reader) = reader else {
        eprintln!("skipped: no pg_recvlogical for this server");
        return;
    };
    until(
        &primary,
        "select active from pg_replication_slots where slot_name = 'reader'",
    );
    let signal = |name: &str| {
        let sent = Command::new("kill").arg(name).arg(reader.id().to_string()).status();
        assert!(sent.is_ok_and(|status| status.success()));
    };
    signal("-STOP");
    let (done, heard) = fill(&primary, || signal("-CONT"));
    let _ = reader.kill();
    let _ = reader.wait();
    assert!(done.is_ok(), "{done:?} {heard:?}");
    assert!(
        heard
            .iter()
            .any(|line| line.starts_with("rests backfill-1: slot reader is behind: ")),
        "{heard:?}"
    );
    assert_eq!(psql(&primary, "select count(*) from t where b is null"), "0");
}

/// A standby that keeps its snapshots by telling the primary of them (`hot_standby_feedback`), through a slot or without one.
#[test]
fn a_standby_that_keeps_dead_rows_is_named() {
    let bin = find_binaries().expect("server programs");
    let primary = Cluster::start_with(&bin, &["wal_level=replica"]).expect("a primary");
    let feedback = ["hot_standby_feedback=on", "wal_receiver_status_interval=1s"];
    let Ok(standby) = primary.start_standby(&feedback) else {
        eprintln!("skipped: no pg_basebackup for this server");
        return;
    };
    psql(&primary, ROWS);
    until(
        &primary,
        "select count(*) = 1 from pg_stat_replication where state = 'streaming'",
    );
    until(&standby, "select count(*) = 60000 from t");
    let mut reader = Command::new(standby.program("psql"))
        .args(["-Xq", "-d", &standby.conninfo("postgres")])
        .args([
            "-c",
            "begin isolation level repeatable read; select count(*) from t; select pg_sleep(60)",
        ])
        .stdout(Stdio::null())
        .spawn()
        .expect("psql");
    until(
        &standby,
        "select count(*) = 1 from pg_stat_activity where query like '%pg_sleep(60)%' and backend_xmin is not null and pid <> pg_backend_pid()",
    );
    // Two reports of the standby later the primary knows.
    std::thread::sleep(Duration::from_millis(2500));
    psql(
        &primary,
        "do $$ begin for i in 1 .. 10100 loop perform txid_current(); commit; end loop; end $$",
    );
    until(&primary, "select age(backend_xmin) > 10000 from pg_stat_replication");
    let (done, heard) = apply_at(
        &target_of(&primary.conninfo("postgres")),
        &folder(&[backfill("backfill-1")]),
        &options(&Phase::ALL),
    );
    reader.kill().expect("it ends");
    reader.wait().expect("it ends");
    assert!(done.is_ok(), "{done:?} {heard:?}");
    assert!(
        heard[0].starts_with("held backfill-1: standby ") && heard[0].contains(" transactions for its queries"),
        "{heard:?}"
    );
}
