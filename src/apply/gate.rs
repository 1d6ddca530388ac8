//! Waiting outside the lock queue.
//!
//! A lock request that waits stalls everybody behind it. So before a step asks for its locks it looks at who holds
//! conflicting ones: while such a transaction is old, it is likely to last, and the step stays out of the queue. What counts
//! as old is relaxed step by step; in the end the step asks anyway. How long it then waits in the queue is drawn from the
//! ages that were seen: shorter than the usual transaction would be many stalls for nothing, longer one stall without need.

use std::time::Duration;

use tokio_postgres::{Client, Error};

use super::stop::Stop;
use crate::conn::Blocker;
use crate::plan::{Lock, LockMode};

/// Ages in seconds above which a transaction is waited for, each for so many seconds. The first tells the short ones from those that
/// have just begun and may last: for these too there is mostly a better moment soon.
const AGES: [(f64, u64); 5] = [(SHORT, 1), (0.1, 2), (0.5, 2), (2.0, 2), (10.0, 2)];
const SHORT: f64 = 0.02;
const LOOK: Duration = Duration::from_millis(25);

/// Names of the modes that conflict with a mode, as `pg_locks` shows them.
fn conflicts(mode: LockMode) -> &'static [&'static str] {
    const ALL: [&str; 8] = [
        "AccessExclusiveLock",
        "ExclusiveLock",
        "ShareRowExclusiveLock",
        "ShareLock",
        "ShareUpdateExclusiveLock",
        "RowExclusiveLock",
        "RowShareLock",
        "AccessShareLock",
    ];
    match mode {
        LockMode::AccessShare => &ALL[..1],
        LockMode::RowShare => &ALL[..2],
        LockMode::RowExclusive => &ALL[..4],
        LockMode::ShareUpdateExclusive => &ALL[..5],
        LockMode::Share => &[
            "AccessExclusiveLock",
            "ExclusiveLock",
            "ShareRowExclusiveLock",
            "ShareUpdateExclusiveLock",
            "RowExclusiveLock",
        ],
        LockMode::ShareRowExclusive => &ALL[..6],
        LockMode::Exclusive => &ALL[..7],
        LockMode::AccessExclusive => &ALL,
    }
}

/// The shortest and the longest time in a lock queue. The longest is also what the plan's own statements set.
const SHORTEST: f64 = 0.2;
const LONGEST: f64 = 2.0;

/// How long to wait in the queue for transactions of these ages, in milliseconds, at the attempt of this number, from 0.
fn queue_time(ages: &[f64], attempt: u32) -> u64 {
    let mut ages = ages.to_vec();
    ages.sort_by(f64::total_cmp);
    // Of few ages the oldest; of many not the very oldest.
    let usual = ages.get((ages.len() * 99 / 100).min(ages.len().saturating_sub(1)));
    let seconds = usual.map_or(SHORTEST, |age| age * 1.5) * f64::from(1u32 << attempt.min(8));
    // The cast saturates, and the bounds are small.
    (seconds.clamp(SHORTEST, LONGEST) * 1000.0) as u64
}

/// Waits until no transaction that holds a conflicting lock is old, within bounds, and says how many milliseconds to wait in
/// the queue. `told` hears who is waited for, once.
pub async fn wait(
    watcher: &Client,
    locks: &[Lock],
    attempt: u32,
    budget: Duration,
    stop: &Stop,
    mut told: impl FnMut(&[Blocker]),
) -> Result<u64, Error> {
    let mut said = false;
    let mut ages: Vec<f64> = Vec::new();
    let end = tokio::time::Instant::now() + budget;
    for (age, patience) in AGES {
        let until = (tokio::time::Instant::now() + Duration::from_secs(patience)).min(end);
        loop {
            let holders = holders(watcher, locks).await?;
            // Autovacuum gives way by itself, and the locks of the others are those of usual transactions.
            ages.extend(holders.iter().map(|(_, age)| *age));
            let old: Vec<Blocker> = holders
                .into_iter()
                .filter(|(_, held)| *held > age)
                .map(|(holder, _)| holder)
                .collect();
            if old.is_empty() || stop.signal().is_some() {
                return Ok(queue_time(&ages, attempt));
            }
            if tokio::time::Instant::now() >= until {
                if !said && age > SHORT {
                    told(&old);
                    said = true;
                }
                break;
            }
            stop.sleep(LOOK).await;
        }
    }
    Ok(queue_time(&ages, attempt))
}

/// Sessions whose transaction holds a lock that conflicts with one of these. Autovacuum gives way by
/// itself, unless it prevents wraparound.
async fn holders(watcher: &Client, locks: &[Lock]) -> Result<Vec<(Blocker, f64)>, Error> {
    let mut relations: Vec<String> = Vec::new();
    let mut modes: Vec<&str> = Vec::new();
    for lock in locks {
        for mode in conflicts(lock.mode) {
            relations.push(lock.relation.to_string());
            modes.push(mode);
        }
    }
    let rows = watcher
        .query(
            r"WITH wanted AS (
                  SELECT pg_catalog.to_regclass(w.relation)::pg_catalog.oid AS relation, w.mode
                    FROM unnest($1::text[], $2::text[]) AS w (relation, mode))
              SELECT DISTINCT a.pid, coalesce(a.usename::text, '?'), coalesce(nullif(a.application_name, ''), a.backend_type, '?'),
                     coalesce(a.state, '?'), pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.xact_start)::bigint,
                     coalesce(pg_catalog.left(pg_catalog.regexp_replace(a.query, '\s+', ' ', 'g'), 100), ''),
                     pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.xact_start)
                FROM pg_catalog.pg_locks l
                     JOIN wanted w ON l.relation = w.relation AND l.mode = w.mode
                     JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
               WHERE l.locktype = 'relation' AND l.granted
                 AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
                 AND a.xact_start IS NOT NULL AND a.pid <> pg_catalog.pg_backend_pid()
                 AND (a.backend_type IS DISTINCT FROM 'autovacuum worker' OR a.query LIKE '%wraparound%')
               ORDER BY 1",
            &[&relations, &modes],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((Blocker::read(row)?, row.try_get(6)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_in_the_queue_is_drawn_from_what_was_seen() {
        assert_eq!(queue_time(&[], 0), 200);
        assert_eq!(queue_time(&[0.01, 0.4, 0.02], 0), 600);
        // Longer each time, never without an end.
        assert_eq!(queue_time(&[0.01, 0.4, 0.02], 1), 1200);
        assert_eq!(queue_time(&[30.0], 5), 2000);
    }
}
