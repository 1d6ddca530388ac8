//! Waiting outside the lock queue.
//!
//! A lock request that waits stalls everybody behind it. So before a step asks for its locks it looks at who holds
//! conflicting ones: while such a transaction is old, it is likely to last, and the step stays out of the queue. What counts
//! as old is relaxed step by step; in the end the step asks anyway. How long it then waits in the queue is drawn from the
//! ages that were seen: shorter than the usual transaction would be many stalls for nothing, longer one stall without need.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;
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

/// Since when we have seen transactions whose age the server does not tell: without `pg_read_all_stats` it tells that of the role's own
/// sessions only. Kept over the attempts of a step.
#[derive(Debug, Default)]
pub(crate) struct Sightings(RefCell<HashMap<String, Instant>>);

impl Sightings {
    /// The holders with their ages in seconds: what the server says, or for how long we have seen them. Who is gone is forgotten.
    fn ages(&self, holders: Vec<Holder>, now: Instant) -> Vec<(Blocker, f64)> {
        let mut seen = self.0.borrow_mut();
        seen.retain(|transaction, _| holders.iter().any(|holder| holder.transaction == *transaction));
        let mut age = |holder: &Holder| {
            holder.age.unwrap_or_else(|| {
                let first = seen.entry(holder.transaction.clone()).or_insert(now);
                now.duration_since(*first).as_secs_f64()
            })
        };
        holders
            .into_iter()
            .map(|holder| {
                let age = age(&holder);
                (holder.who, age)
            })
            .collect()
    }
}

/// Waits until no transaction that holds a conflicting lock is old, within bounds, and says how many milliseconds to wait in
/// the queue. `told` hears who is waited for, once.
pub async fn wait(
    watcher: &Client,
    locks: &[Lock],
    sightings: &Sightings,
    attempt: u32,
    budget: Duration,
    stop: &Stop,
    mut told: impl FnMut(&[Blocker]),
) -> Result<u64, Error> {
    let mut said = false;
    let mut looked = false;
    let mut ages: Vec<f64> = Vec::new();
    let end = Instant::now() + budget;
    for (age, patience) in AGES {
        let until = (Instant::now() + Duration::from_secs(patience)).min(end);
        loop {
            let holders = holders(watcher, locks).await?;
            // At the first look nobody knows for how long it has been there; whatever comes between two looks is young.
            let unknown = !looked && holders.iter().any(|holder| holder.age.is_none());
            looked = true;
            let holders = sightings.ages(holders, Instant::now());
            // Autovacuum gives way by itself, and the locks of the others are those of usual transactions.
            ages.extend(holders.iter().map(|(_, age)| *age));
            let old: Vec<Blocker> = holders
                .into_iter()
                .filter(|(_, held)| *held > age)
                .map(|(holder, _)| holder)
                .collect();
            if old.is_empty() && !unknown || stop.signal().is_some() {
                return Ok(queue_time(&ages, attempt));
            }
            if Instant::now() >= until {
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

/// Who holds a lock that conflicts.
struct Holder {
    who: Blocker,
    /// Seconds since its transaction began, or was prepared; none where the server does not tell.
    age: Option<f64>,
    /// What is its own as long as the transaction lasts.
    transaction: String,
}

/// Transactions that hold a lock that conflicts with one of these, prepared ones among them. Autovacuum, which has no user, gives way by
/// itself, unless it prevents wraparound.
async fn holders(watcher: &Client, locks: &[Lock]) -> Result<Vec<Holder>, Error> {
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
              SELECT DISTINCT coalesce(l.pid, 0), coalesce(a.usename, x.owner, '?')::text,
                     coalesce(nullif(a.application_name, ''), a.backend_type, '?'), coalesce(a.state, '?'),
                     pg_catalog.date_part('epoch', pg_catalog.statement_timestamp() - coalesce(a.xact_start, x.prepared))::bigint,
                     coalesce(x.gid, pg_catalog.left(pg_catalog.regexp_replace(a.query, '\s+', ' ', 'g'), 100), ''),
                     pg_catalog.date_part('epoch', pg_catalog.statement_timestamp() - coalesce(a.xact_start, x.prepared)),
                     l.virtualtransaction
                FROM pg_catalog.pg_locks l
                     JOIN wanted w ON l.relation = w.relation AND l.mode = w.mode
                     LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
                     LEFT JOIN (SELECT t.virtualtransaction, x.gid, x.owner, x.prepared
                                  FROM pg_catalog.pg_locks t JOIN pg_catalog.pg_prepared_xacts x ON x.transaction = t.transactionid
                                 WHERE t.locktype = 'transactionid' AND t.pid IS NULL) AS x
                            ON l.pid IS NULL AND x.virtualtransaction = l.virtualtransaction
               WHERE l.locktype = 'relation' AND l.granted
                 AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
                 AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
                 AND (l.pid IS NULL OR a.usesysid IS NOT NULL OR a.query LIKE '%wraparound%')
               ORDER BY 1",
            &[&relations, &modes],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Holder {
                who: Blocker::read(row)?,
                age: row.try_get(6)?,
                transaction: row.try_get(7)?,
            })
        })
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
    fn holder(transaction: &str, age: Option<f64>) -> Holder {
        let who = Blocker {
            pid: 1,
            user: "app".into(),
            application: "app".into(),
            state: "?".into(),
            age: None,
            query: String::new(),
        };
        Holder {
            who,
            age,
            transaction: transaction.into(),
        }
    }

    #[test]
    fn an_age_that_nobody_tells_is_measured() {
        let sightings = Sightings::default();
        let start = Instant::now();
        let look = |holders: Vec<Holder>, seconds: u64| -> Vec<f64> {
            let held = sightings.ages(holders, start + Duration::from_secs(seconds));
            held.into_iter().map(|(_, age)| age).collect()
        };
        assert_eq!(look(vec![holder("2/1", None), holder("3/1", Some(7.5))], 0), [0.0, 7.5]);
        // The second session has begun another transaction.
        assert_eq!(look(vec![holder("2/1", None), holder("3/2", None)], 3), [3.0, 0.0]);
        // Who was gone and is there again has begun anew.
        assert_eq!(look(vec![], 4), [0.0; 0]);
        assert_eq!(look(vec![holder("2/1", None)], 5), [0.0]);
    }
}
