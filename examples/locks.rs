//! What an application waits while tables are altered under load: `cargo run --release --example locks [ROUNDS]`.
//!
//! Eight sessions write to one table: six with short transactions, two with transactions that stay open for 400 ms. Meanwhile 20
//! columns are added one after the other, with pauses, under ACCESS EXCLUSIVE: each by a plan of pgphase, and by the loops that people
//! write: the statement with a fixed lock timeout, tried again after a pause. All ways take turns in one run, each on a fresh table.
//!
//! Printed per way: milliseconds until a column is there, attempts per column, and of the application the time that its statements
//! took beyond 10 ms, summed up and divided by the columns, and its longest statement.

#![allow(clippy::print_stdout)]

#[path = "common/session.rs"]
mod session;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use pgphase::cluster::Cluster;
use pgphase::conn::Session;
use session::{Failure, open};

const COLUMNS: u32 = 20;
const SHORT_WRITERS: u32 = 6;
const LONG_WRITERS: u32 = 2;
/// A statement that takes longer has waited for something.
const USUAL: Duration = Duration::from_millis(10);

#[derive(Clone, Copy)]
enum Way {
    /// Nothing is altered, for as long as the others take.
    Idle,
    Pgphase,
    /// A lock timeout, then a pause, in milliseconds.
    Loop(u64, u64),
}

const WAYS: &[(&str, Way)] = &[
    ("idle", Way::Idle),
    ("pgphase", Way::Pgphase),
    ("timeout 50 ms, pause 100 ms", Way::Loop(50, 100)),
    ("timeout 500 ms, pause 500 ms", Way::Loop(500, 500)),
    ("timeout 2 s, pause 1 s", Way::Loop(2000, 1000)),
];

fn main() -> Result<(), Failure> {
    let rounds = std::env::args().nth(1).map_or(Ok(3), |text| text.parse())?;
    let cluster = Cluster::start()?;
    println!(
        "{:<30}{:>9}{:>10}{:>18}{:>14}",
        "way", "ms/column", "attempts", "waited ms/column", "longest ms"
    );
    for _ in 0..rounds {
        for (name, way) in WAYS {
            let line = measure(&cluster, *way)?;
            println!("{name:<30}{line}");
        }
    }
    Ok(())
}

fn measure(cluster: &Cluster, way: Way) -> Result<String, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let session = connect(cluster).await?;
        session
            .client
            .batch_execute(
                "drop schema if exists pgphase cascade; drop table if exists t; create table t (id int primary key, n int not null);
                 insert into t select g, 0 from generate_series(1, 10000) g",
            )
            .await?;
        Ok::<(), Failure>(())
    })?;
    let stop = Arc::new(AtomicBool::new(false));
    let load = {
        let (conninfo, stop) = (cluster.conninfo("postgres"), stop.clone());
        std::thread::spawn(move || write(&conninfo, &stop))
    };
    std::thread::sleep(Duration::from_millis(500));
    let mut took = Duration::ZERO;
    let mut attempts: Option<u32> = None;
    for column in 0..COLUMNS {
        std::thread::sleep(Duration::from_millis(150 + u64::from(column * 53 % 300)));
        match way {
            Way::Idle => {}
            Way::Pgphase => took += pgphase(cluster, column)?,
            Way::Loop(timeout, pause) => {
                let started = Instant::now();
                let needed = runtime.block_on(alter(cluster, column, timeout, pause))?;
                attempts = Some(attempts.unwrap_or_default() + needed);
                took += started.elapsed();
            }
        }
    }
    stop.store(true, Ordering::Relaxed);
    let taken = load.join().map_err(|_| "the load failed")??;
    let beyond: Duration = taken.iter().map(|time| time.saturating_sub(USUAL)).sum();
    let longest = taken.iter().max().copied().unwrap_or_default();
    Ok(format!(
        "{:>9.0}{:>10}{:>18.0}{:>14.0}",
        took.as_secs_f64() * 1000.0 / f64::from(COLUMNS),
        attempts.map_or("-".into(), |sum| format!("{:.1}", f64::from(sum) / f64::from(COLUMNS))),
        beyond.as_secs_f64() * 1000.0 / f64::from(COLUMNS),
        longest.as_secs_f64() * 1000.0
    ))
}

async fn connect(cluster: &Cluster) -> Result<Session, Failure> {
    open(&cluster.conninfo("postgres")).await
}

/// The application: how long each of its statements took.
fn write(conninfo: &str, stop: &Arc<AtomicBool>) -> Result<Vec<Duration>, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut writers = Vec::new();
        for number in 0..SHORT_WRITERS + LONG_WRITERS {
            let (session, stop) = (open(conninfo).await?, stop.clone());
            writers.push(tokio::spawn(async move { writer(&session, number, &stop).await }));
        }
        let mut taken = Vec::new();
        for writer in writers {
            taken.extend(writer.await??);
        }
        Ok(taken)
    })
}

async fn writer(session: &Session, number: u32, stop: &AtomicBool) -> Result<Vec<Duration>, Failure> {
    let mut taken = Vec::new();
    let mut turn: u32 = 0;
    tokio::time::sleep(Duration::from_millis(u64::from(number) * 90)).await;
    while !stop.load(Ordering::Relaxed) {
        turn += 1;
        // Each has rows of its own, so that nobody waits for a row.
        let id = number * 1000 + turn % 1000 + 1;
        let update = format!("update t set n = n + 1 where id = {id}");
        let long = number >= SHORT_WRITERS;
        if long {
            session.client.batch_execute("begin").await?;
        }
        let started = Instant::now();
        session.client.batch_execute(&update).await?;
        taken.push(started.elapsed());
        if long {
            tokio::time::sleep(Duration::from_millis(400)).await;
            session.client.batch_execute("commit").await?;
        }
        // The long ones are busy for about half of the time, never in step.
        let pause = if long { 300 + u64::from(turn * 37 % 200) } else { 5 };
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
    Ok(taken)
}

/// A column by hand; how many attempts it took.
async fn alter(cluster: &Cluster, column: u32, timeout: u64, pause: u64) -> Result<u32, Failure> {
    let session = connect(cluster).await?;
    session
        .client
        .batch_execute(&format!("set lock_timeout = {timeout}"))
        .await?;
    let add = format!("alter table t add column c{column} int");
    for attempt in 1.. {
        match session.client.batch_execute(&add).await {
            Ok(()) => return Ok(attempt),
            Err(error) if error.code() == Some(&tokio_postgres::error::SqlState::LOCK_NOT_AVAILABLE) => {
                tokio::time::sleep(Duration::from_millis(pause)).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
    unreachable!("the loop has no end of its own")
}

/// A column by a plan; the time of `apply`.
fn pgphase(cluster: &Cluster, column: u32) -> Result<Duration, Failure> {
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name).display().to_string();
    let columns: String = (0..=column).map(|column| format!(", c{column} int")).collect();
    std::fs::write(
        path("after.sql"),
        format!("create table t (id int primary key, n int not null{columns});"),
    )?;
    let (to, out) = (path("after.sql"), path("plan"));
    let database = cluster.conninfo("postgres");
    session::pgphase(&["plan", "--quiet", "-d", &database, "--to", &to, "--out", &out])?;
    session::pgphase(&["apply", "--quiet", "-d", &database, "--phase", "all", "--yes", &out])
}
