//! How fast backfills are: pgphase against other ways, on the same table, in one run.
//!
//! `cargo run --release --example backfill [ROWS] [ROUNDS]` fills a column of a table with a primary key and two more indexes on a
//! throw-away server, once per way and round, and prints rows per second, bytes of write-ahead log per row, the share of HOT
//! updates and the growth of the table and its indexes. Other work on the machine moves the rates: what counts is the ratio
//! to the single UPDATE of the same round. The server runs without fsync.

#![allow(clippy::print_stdout)]

mod common;

use std::time::{Duration, Instant};

use common::{Failure, apply, psql, setup};
use pgphase::apply::backfill::Settings;
use pgphase::cluster::{Cluster, find_binaries};

/// What fills the column.
#[derive(Clone, Copy)]
enum Way {
    Sql(&'static str),
    Pgphase(u16),
}

const WAYS: &[(&str, Way)] = &[
    ("one UPDATE", Way::Sql("update t set b = upper(name) where b is null")),
    ("pgphase", Way::Pgphase(1)),
    ("pgphase, 2 workers", Way::Pgphase(2)),
    (
        // As articles recommend: LIMIT without an order, until nothing is left.
        "DO block, LIMIT 10000",
        Way::Sql(
            "do $$ declare n bigint; begin loop
                 update t set b = upper(name) where id in (select id from t where b is null limit 10000 for update skip locked);
                 get diagnostics n = row_count; commit; exit when n = 0;
             end loop; end $$",
        ),
    ),
    (
        // As pgroll does it: 1000 keys at a time, from the last key on.
        "keys, 1000",
        Way::Sql(
            "do $$ declare last bigint := -1; n bigint; begin loop
                 with batch as (select id from t where id > last order by id limit 1000 for no key update),
                      done as (update t set b = upper(name) from batch where t.id = batch.id returning t.id)
                 select max(id) into n from done;
                 exit when n is null; last := n; commit;
             end loop; end $$",
        ),
    ),
];

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let rows: u32 = arguments.next().map_or(Ok(400_000), |text| text.parse())?;
    let rounds: u32 = arguments.next().map_or(Ok(3), |text| text.parse())?;
    let cluster = Cluster::start_with(
        &find_binaries()?,
        &["autovacuum=off", "shared_buffers=512MB", "max_wal_size=8GB"],
    )?;
    println!("{rows} rows; rates of {rounds} rounds, as ratios to the single UPDATE of the same round");
    println!(
        "{:<24}{:>10}{:>24}{:>12}{:>8}{:>8}{:>8}",
        "way", "rows/s", "ratios", "WAL B/row", "HOT %", "heap %", "index %"
    );
    let mut ratios: Vec<Vec<f64>> = vec![Vec::new(); WAYS.len()];
    let mut lines = Vec::new();
    for _ in 0..rounds {
        lines.clear();
        let mut base = 0.0;
        for (index, (name, way)) in WAYS.iter().enumerate() {
            let (rate, rest) = measure(&cluster, *way, rows)?;
            if index == 0 {
                base = rate;
            }
            ratios[index].push(rate / base);
            lines.push((name, rate, rest));
        }
    }
    for ((name, rate, rest), ratios) in lines.iter().zip(&ratios) {
        let ratios: Vec<String> = ratios.iter().map(|ratio| format!("{ratio:.2}")).collect();
        println!("{name:<24}{rate:>10.0}{:>24}{rest}", ratios.join(" "));
    }
    Ok(())
}

/// Rows per second, and the other columns.
fn measure(cluster: &Cluster, way: Way, rows: u32) -> Result<(f64, String), Failure> {
    psql(cluster, &setup(rows))?;
    let sizes = "select pg_relation_size('t'), pg_indexes_size('t')";
    let before = numbers(&psql(cluster, sizes)?)?;
    let wal = psql(cluster, "select pg_current_wal_insert_lsn()")?;
    let started = Instant::now();
    match way {
        Way::Sql(text) => {
            psql(cluster, text)?;
        }
        Way::Pgphase(jobs) => common::within(apply(
            cluster,
            Settings {
                jobs,
                ..Settings::default()
            },
        ))?,
    }
    let took = started.elapsed().as_secs_f64();
    let written = psql(
        cluster,
        &format!("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '{wal}')"),
    )?;
    let left = psql(cluster, "select count(*) from t where b is distinct from upper(name)")?;
    if left != "0" {
        return Err(format!("{left} rows were not filled").into());
    }
    // Statistics of other sessions arrive when they end.
    std::thread::sleep(Duration::from_millis(1200));
    let hot = "select 100 * n_tup_hot_upd / greatest(n_tup_upd, 1) from pg_stat_user_tables where relname = 't'";
    let hot = psql(cluster, hot)?;
    let after = numbers(&psql(cluster, sizes)?)?;
    let growth = |index: usize| 100.0 * (after[index] / before[index] - 1.0);
    let line = format!(
        "{:>12.0}{hot:>8}{:>8.0}{:>8.0}",
        written.parse::<f64>()? / f64::from(rows),
        growth(0),
        growth(1)
    );
    Ok((f64::from(rows) / took, line))
}

fn numbers(text: &str) -> Result<Vec<f64>, Failure> {
    text.split(' ')
        .map(|word| word.parse().map_err(Failure::from))
        .collect()
}
