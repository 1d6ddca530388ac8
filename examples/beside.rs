//! What others notice of a backfill: `cargo run --release --example beside [ROWS [latency|lag]]`.
//!
//! First pgbench beside it, a steady 200 transactions a second in four sessions: the latency that 99 of 100 of them stay below, with
//! nothing else, beside a single UPDATE of the same rows, beside the backfill as it comes, and beside some that are held back
//! (`--batch-time` and `--duty`), in four rounds, with the ratio to nothing else in the same round. Then a standby that replays
//! for a tenth of the time only: how far it gets behind with no backfill, with one without a
//! bound, and with `--max-lag 1`; and how many rows were filled. Each measurement lasts as long as
//! the backfill, and 20 seconds at most. The server runs without fsync.

#![allow(clippy::print_stdout)]

mod common;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use common::{Failure, apply, psql, setup};
use pgphase::apply::backfill::Settings;
use pgphase::cluster::{Cluster, find_binaries};

const LONGEST: Duration = Duration::from_secs(20);

fn held_back(batch_time: f64, duty: f64) -> Settings {
    Settings {
        batch_time,
        duty,
        ..Settings::default()
    }
}

fn main() -> Result<(), Failure> {
    let rows: u32 = std::env::args().nth(1).map_or(Ok(600_000), |text| text.parse())?;
    let settings = ["shared_buffers=512MB", "max_wal_size=8GB", "wal_level=replica"];
    let cluster = Cluster::start_with(&find_binaries()?, &settings)?;
    match std::env::args().nth(2).as_deref() {
        Some("latency") => latencies(&cluster, rows),
        Some("lag") => lags(&cluster, rows),
        _ => latencies(&cluster, rows).and_then(|()| lags(&cluster, rows)),
    }
}

enum Work {
    Nothing,
    Update,
    Backfill(Settings),
}

impl Work {
    /// Runs until its end, or for as long as it may.
    fn run(self, cluster: &Cluster) -> Result<Duration, Failure> {
        let started = Instant::now();
        match self {
            Self::Nothing => std::thread::sleep(LONGEST),
            Self::Update => {
                psql(cluster, "update t set b = upper(name) where b is null")?;
            }
            Self::Backfill(settings) => common::within(async {
                // What is not filled in time is left.
                tokio::time::timeout(LONGEST, apply(cluster, settings))
                    .await
                    .unwrap_or(Ok(()))
            })?,
        }
        Ok(started.elapsed())
    }
}

fn latencies(cluster: &Cluster, rows: u32) -> Result<(), Failure> {
    bench(cluster, &["-i", "-q", "-s", "10"])?.wait()?;
    println!(
        "{:<28}{:>9}{:>14}{:>10}{:>10}{:>8}",
        "beside", "seconds", "transactions", "p50 ms", "p99 ms", "ratio"
    );
    for round in 0..4 {
        let mut alone = None;
        for (name, work) in [
            ("nothing", Work::Nothing),
            ("one UPDATE", Work::Update),
            ("a backfill", Work::Backfill(Settings::default())),
            ("20 ms, duty 0.05", Work::Backfill(held_back(0.02, 0.05))),
            ("2 ms, duty 0.05", Work::Backfill(held_back(0.002, 0.05))),
            ("2 ms, duty 0.02", Work::Backfill(held_back(0.002, 0.02))),
        ] {
            psql(cluster, &setup(rows))?;
            let log = tempfile::tempdir()?;
            let prefix = log.path().join("log").display().to_string();
            let mut load = bench(
                cluster,
                &[
                    "-n",
                    "-N",
                    "-c",
                    "4",
                    "-j",
                    "1",
                    "-R",
                    "200",
                    "-T",
                    "600",
                    "-l",
                    "--log-prefix",
                    &prefix,
                ],
            )?;
            std::thread::sleep(Duration::from_secs(1));
            let took = work.run(cluster)?;
            load.kill()?;
            load.wait()?;
            let mut taken = read(log.path())?;
            taken.sort_unstable();
            let at = |share: usize| taken.get(taken.len() * share / 100).copied().unwrap_or_default() as f64 / 1000.0;
            let of_alone = at(99) / *alone.get_or_insert(at(99));
            println!(
                "{name:<28}{:>9.1}{:>14}{:>10.2}{:>10.2}{of_alone:>8.2}",
                took.as_secs_f64(),
                taken.len(),
                at(50),
                at(99),
            );
        }
        if round < 3 {
            println!();
        }
    }
    Ok(())
}

fn bench(cluster: &Cluster, arguments: &[&str]) -> Result<Child, Failure> {
    let mut command = Command::new(cluster.program("pgbench"));
    command.args(arguments).args([
        "-h",
        &cluster.directory().display().to_string(),
        "-U",
        "postgres",
        "postgres",
    ]);
    Ok(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?)
}

/// The latencies that pgbench has written, in microseconds, from the moment on at which a transaction should have begun.
fn read(folder: &Path) -> Result<Vec<u64>, Failure> {
    let mut taken = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let text = std::fs::read_to_string(entry?.path())?;
        // The last line may be half of one.
        taken.extend(
            text.lines()
                .filter_map(|line| line.split(' ').nth(2)?.parse::<u64>().ok()),
        );
    }
    Ok(taken)
}

fn lags(cluster: &Cluster, rows: u32) -> Result<(), Failure> {
    println!(
        "\n{:<28}{:>9}{:>12}{:>22}",
        "backfill", "seconds", "rows", "furthest behind, s"
    );
    let bound = |max_lag| {
        Work::Backfill(Settings {
            max_lag,
            ..Settings::default()
        })
    };
    for (name, work) in [
        ("none", Work::Nothing),
        ("without a bound", bound(0.0)),
        ("--max-lag 1", bound(1.0)),
    ] {
        psql(cluster, &setup(rows))?;
        psql(cluster, "drop table if exists beat; create table beat (at timestamptz)")?;
        let standby = cluster.start_standby(&[])?;
        beat(cluster)?;
        // Its start does not count.
        while behind(&standby)?.is_none() {}
        let replay = "select pid from pg_stat_activity where backend_type = 'startup'";
        let replay: String = psql(&standby, replay)?;
        let done = AtomicBool::new(false);
        let (took, furthest) = std::thread::scope(|scope| {
            let slow = scope.spawn(|| hinder(&replay, &done));
            let watch = scope.spawn(|| watch(cluster, &standby, &done));
            let took = work.run(cluster);
            done.store(true, Ordering::Relaxed);
            let _ = slow.join();
            (took, watch.join())
        });
        let furthest = furthest.map_err(|_| "nobody watched")??;
        let filled = psql(cluster, "select count(b) from t")?;
        println!("{name:<28}{:>9.1}{filled:>12}{furthest:>22.1}", took?.as_secs_f64());
    }
    Ok(())
}

/// Lets a process run for a tenth of the time.
fn hinder(process: &str, done: &AtomicBool) {
    let signal = |name: &str| Command::new("kill").args([name, process]).status();
    while !done.load(Ordering::Relaxed) {
        let _ = signal("-STOP");
        std::thread::sleep(Duration::from_millis(180));
        let _ = signal("-CONT");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn beat(primary: &Cluster) -> Result<String, Failure> {
    psql(primary, "insert into beat values (clock_timestamp())")
}

/// How many seconds ago the primary wrote what the standby has replayed last.
fn behind(standby: &Cluster) -> Result<Option<f64>, Failure> {
    let seconds = psql(
        standby,
        "select extract(epoch from clock_timestamp() - max(at)) from beat",
    )?;
    Ok(seconds.parse().ok())
}

/// The most that it is behind.
fn watch(primary: &Cluster, standby: &Cluster, done: &AtomicBool) -> Result<f64, Failure> {
    let mut furthest: f64 = 0.0;
    while !done.load(Ordering::Relaxed) {
        beat(primary)?;
        furthest = furthest.max(behind(standby)?.unwrap_or_default());
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(furthest)
}
