//! Waiting outside the lock queue.
//!
//! A lock request that waits stalls everybody behind it. So before a step asks for its locks it looks at who holds
//! conflicting ones: while such a transaction is old, it is likely to last, and the step stays out of the queue. What counts
//! as old is relaxed step by step; in the end the step asks anyway, with its lock timeout.

use std::time::Duration;

use tokio_postgres::{Client, Error};

use super::retry::Blocker;
use super::stop::Stop;
use crate::plan::{Lock, LockMode};

/// Ages in seconds above which a transaction is waited for, each for [`PATIENCE`].
const AGES: [f64; 4] = [0.1, 0.5, 2.0, 10.0];
const PATIENCE: Duration = Duration::from_secs(2);
const LOOK: Duration = Duration::from_millis(50);

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

/// Waits until no transaction that holds a conflicting lock is old, within bounds. `told` hears who is waited for, once.
pub async fn wait(
    watcher: &Client,
    locks: &[Lock],
    stop: &Stop,
    mut told: impl FnMut(&[Blocker]),
) -> Result<(), Error> {
    let mut said = false;
    for age in AGES {
        let until = tokio::time::Instant::now() + PATIENCE;
        loop {
            let old = holders(watcher, locks, age).await?;
            if old.is_empty() || stop.signal().is_some() {
                return Ok(());
            }
            if tokio::time::Instant::now() >= until {
                if !said {
                    told(&old);
                    said = true;
                }
                break;
            }
            stop.sleep(LOOK).await;
        }
    }
    Ok(())
}

/// Sessions whose transaction is older than this and holds a lock that conflicts with one of these. Autovacuum gives way by
/// itself, unless it prevents wraparound.
async fn holders(watcher: &Client, locks: &[Lock], age: f64) -> Result<Vec<Blocker>, Error> {
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
                     coalesce(pg_catalog.left(pg_catalog.regexp_replace(a.query, '\s+', ' ', 'g'), 100), '')
                FROM pg_catalog.pg_locks l
                     JOIN wanted w ON l.relation = w.relation AND l.mode = w.mode
                     JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
               WHERE l.locktype = 'relation' AND l.granted
                 AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
                 AND pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.xact_start) > $3::float8
                 AND (a.backend_type IS DISTINCT FROM 'autovacuum worker' OR a.query LIKE '%wraparound%')
               ORDER BY 1",
            &[&relations, &modes, &age],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Blocker {
                pid: row.try_get(0)?,
                user: row.try_get(1)?,
                application: row.try_get(2)?,
                state: row.try_get(3)?,
                age: row.try_get(4)?,
                query: row.try_get(5)?,
            })
        })
        .collect()
}
